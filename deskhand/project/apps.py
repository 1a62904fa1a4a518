"""What happens once, when Django has loaded: the reactions are installed and the routes' permissions checked."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The wiring as an app, so that it has a `ready`."""

    name = "deskhand.project"
    label = "project"

    def ready(self) -> None:
        """Install the map of reactions."""
        from deskhand.events.recording import install
        from deskhand.project.reactions import REACTIONS

        install(REACTIONS)
