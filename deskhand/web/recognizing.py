"""Who a session belongs to, found with everything a page needs to know of them."""

from allauth.account.auth_backends import AuthenticationBackend

from deskhand.accounts.models import User

_PERSON = ("agent__role", "contact__client__account_manager__user")


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    """Allauth's backend, which loads agent and role, or contact, client and account manager, along with the user."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active user of a session, or None. One query."""
        user: User | None = User.objects.select_related(*_PERSON).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
