"""Clients and their people."""

from typing import Any

from django import forms

from deskhand.accounts.models import Agent
from deskhand.clients.domains import DomainNotValid, domain_name
from deskhand.clients.models import Client
from deskhand.core.languages import LANGUAGES
from deskhand.web.forms import offering
from deskhand.workspace.forms.fields import Address, Line, OneOf


class DomainsField(forms.CharField):
    """Mail domains, one a line or with commas between."""

    def __init__(self) -> None:
        super().__init__(max_length=10_000, required=False, strip=False)

    def clean(self, value: Any) -> list[str]:
        """Return the domains. Raises ValidationError for what is none."""
        names = str(super().clean(value)).replace(",", " ").split()
        try:
            return list(dict.fromkeys(domain_name(name) for name in names))
        except DomainNotValid as error:
            raise forms.ValidationError(str(error)) from error


class ClientForm(forms.Form):
    """A client's own properties."""

    name = Line(200, missing="Give the client a name.")
    phone = Line(40)
    account_manager = OneOf(Agent.objects.none())
    domains = DomainsField()

    def __init__(self, *args: Any, keep: Agent | None = None, **kwargs: Any) -> None:
        """Offer the agents who work here, and `keep`, who looks after the client now."""
        super().__init__(*args, **kwargs)
        offered = Agent.objects.active()
        if keep is not None:
            offered = (offered | Agent.objects.select_related("user", "role").filter(pk=keep.pk)).order_by("user__name")
        offering(self, "account_manager").queryset = offered


class ContactForm(forms.Form):
    """A contact: who they are, and what they may do in the portal."""

    name = Line(200, missing="Enter a name.")
    email = Address(missing="Enter an e-mail address.")
    title = Line(120)
    phone = Line(40)
    sees_whole_client = forms.BooleanField(required=False)
    sees_maintenance = forms.BooleanField(required=False)
    is_client_admin = forms.BooleanField(required=False)
    language = forms.ChoiceField(
        choices=[("", "The desk's"), *LANGUAGES.items()],
        required=False,
        error_messages={"invalid_choice": "Choose one from the list."},
    )


class JoinForm(forms.Form):
    """Which client a contact without one belongs to."""

    client = OneOf(Client.objects.none(), missing="Choose a client.", to_field_name="public_id")

    def __init__(self, *args: Any, viewer: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offering(self, "client").queryset = Client.objects.visible_to(viewer).order_by("name")


class NoteForm(forms.Form):
    """The note, and which version of it was being edited."""

    text = forms.CharField(
        max_length=20_000,
        required=False,
        error_messages={"max_length": "The note is %(show_value)d characters long; 20,000 fit."},
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
