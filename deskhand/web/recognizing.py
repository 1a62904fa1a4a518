"""Who a session belongs to, found with everything a page needs to know of them."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from deskhand.accounts.models import User
from deskhand.core.built import built_once

_PERSON = ("agent__role", "contact__client__account_manager__user")


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    """Allauth's backend, which loads agent and role, or contact, client and account manager, along with the user."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active user of a session, or None. One query."""
        found = _people(int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None


@built_once
def _people(user_id: int) -> QuerySet[User]:
    people: QuerySet[User] = User.objects.filter(pk=user_id)
    return people.select_related(*_PERSON)
