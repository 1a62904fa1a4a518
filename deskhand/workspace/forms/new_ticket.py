"""Opening a ticket for a client. Composed text and files are read by deskhand.web.composing."""

from typing import Any

from django import forms

from deskhand.accounts.models import Agent
from deskhand.clients.models import Contact
from deskhand.tickets.actions.opening import SUBJECT_LIMIT
from deskhand.tickets.models import Audience, Category, Priority
from deskhand.web.forms import offering
from deskhand.workspace.forms.fields import Address, Choice, Line, OneOf


class NewTicketForm(forms.Form):
    """For whom, about what, and who does it. Either a contact is chosen or a new person named."""

    contact = OneOf(Contact.objects.none())
    new_name = Line(200)
    new_email = Address()
    subject = Line(SUBJECT_LIMIT, missing="Give the ticket a subject.")
    audience = Choice(Audience)
    category = OneOf(Category.objects.order_by("position", "id"), to_field_name="slug")
    priority = Choice(Priority)
    assignee = OneOf(Agent.objects.none())
    tells_client = forms.BooleanField(required=False)

    def __init__(self, *args: Any, viewer: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.visible_to(viewer).filter(user__is_active=True).with_people()
        offering(self, "contact").queryset = people
        offering(self, "assignee").queryset = Agent.objects.active()

    def clean(self) -> dict[str, Any]:
        """Ask for whom, where nobody was named."""
        cleaned = super().clean() or {}
        if cleaned.get("contact") is None and not self.errors.get("contact"):
            self._require_person(cleaned)
        return cleaned

    def _require_person(self, cleaned: dict[str, Any]) -> None:
        name, email = cleaned.get("new_name"), cleaned.get("new_email")
        if not (name or email or self.has_error("new_email") or self.has_error("new_name")):
            self.add_error("contact", "Choose for whom, or enter someone new below.")
        elif not email and not self.has_error("new_email"):
            self.add_error("new_email", "Enter an e-mail address.")
