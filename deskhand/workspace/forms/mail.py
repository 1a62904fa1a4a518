"""Mailboxes and the spam list."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from deskhand.accounts.models import Team
from deskhand.mail.actions.mailboxes import MailboxFields
from deskhand.mail.models import Acknowledging, Mailbox, TextKind
from deskhand.mail.texts import SUBJECT_LIMIT
from deskhand.tickets.models import Category
from deskhand.workspace.forms.fields import Address, Choice, Line, OneOf, require_plain
from deskhand.workspace.forms.texts import OwnText, add_complaints

MOST_ALIASES = 50


class AddressesField(forms.CharField):
    """E-mail addresses, one a line or with commas between."""

    def __init__(self) -> None:
        super().__init__(max_length=10_000, required=False, strip=False)

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the addresses in lower case. Raises ValidationError for what is none."""
        found = dict.fromkeys(str(super().clean(value)).replace(",", " ").lower().split())
        for address in found:
            require_plain(address)
            try:
                validate_email(address)
            except ValidationError as error:
                raise forms.ValidationError(f"“{address}” does not look like an e-mail address.") from error
        if len(found) > MOST_ALIASES:
            raise forms.ValidationError(f"At most {MOST_ALIASES} addresses fit.")
        return tuple(found)


class MailboxForm(forms.Form):
    """What a mailbox is."""

    name = Line(80, missing="Give the mailbox a name.")
    address = Address(missing="Enter the address clients write to.")
    aliases = AddressesField()
    team = OneOf(Team.objects.order_by("name"))
    category = OneOf(Category.objects.order_by("position", "pk"))
    signature = forms.CharField(
        max_length=2000,
        required=False,
        error_messages={"max_length": "The signature is %(show_value)d characters long; 2,000 fit."},
    )
    acknowledging = Choice(Acknowledging, missing="")
    acknowledgement_subject = Line(SUBJECT_LIMIT)
    acknowledgement_body = OwnText()

    def clean_acknowledging(self) -> Acknowledging:
        """Return the choice; the desk's where a form brought none."""
        return self.cleaned_data["acknowledging"] or Acknowledging.AS_DESK

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with the mailbox's own text, where it is used."""
        given = super().clean() or {}
        if given.get("acknowledging") == Acknowledging.OWN:
            kind = TextKind.ACKNOWLEDGEMENT
            add_complaints(self, kind, subject="acknowledgement_subject", body="acknowledgement_body")
        return given

    @property
    def fields_given(self) -> MailboxFields:
        """What was entered, for the action; the form is valid."""
        return MailboxFields(**self.cleaned_data)


class ListingForm(forms.Form):
    """A sender to be refused."""

    value = Line(254, missing="Enter an address or a domain.")
    is_sure = forms.BooleanField(required=False)


def initial_of_mailbox(box: Mailbox) -> dict[str, Any]:
    """Return what stands in the form of a mailbox at first."""
    aliases = box.aliases.order_by("address").values_list("address", flat=True)
    return {
        "name": box.name,
        "address": box.address,
        "aliases": "\n".join(aliases),
        "team": box.team_id,
        "category": box.category_id,
        "signature": box.signature,
        "acknowledging": box.acknowledging,
        "acknowledgement_subject": box.acknowledgement_subject,
        "acknowledgement_body": box.acknowledgement_body,
    }
