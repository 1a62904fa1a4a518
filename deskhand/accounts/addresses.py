"""Where links to this desk lead."""

from django.conf import settings

from deskhand.accounts.models import Agent, User


def base_for(user: User) -> str:
    """Return what links in mail to a person begin with: who works here gets the desk's own address. One query."""
    works_here = Agent.objects.filter(user=user.pk).exists()
    return str(settings.BASE_URL if works_here else settings.PORTAL_URL)
