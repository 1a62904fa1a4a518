"""What allauth asks of us: no sign-up of strangers, and no mail by its own hand."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation, by mail or by an admin; never by allauth's sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Refuse sign-up."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002
        """Refuse: every mail goes through the outbox."""
        raise RuntimeError(f"allauth wanted to send {template_prefix}; mail goes through the outbox")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: our pages have their own words."""
