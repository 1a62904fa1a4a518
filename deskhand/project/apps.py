"""What happens once, when Django has loaded: reactions and plans are wired and the routes' permissions checked."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The wiring as an app, so that it has a `ready`."""

    name = "deskhand.project"
    label = "project"

    def ready(self) -> None:
        """Install the map of reactions, and tell policies who knows the plans."""
        from deskhand.allowances.queries import running_plan_names
        from deskhand.events.recording import install
        from deskhand.project.reactions import REACTIONS
        from deskhand.sla import plans

        install(REACTIONS)
        plans.install(running_plan_names)
