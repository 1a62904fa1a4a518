"""Forms of the portal. Composed text and files are read by deskhand.web.composing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from deskhand.clients.models import ContactQuerySet
from deskhand.core.languages import LANGUAGES
from deskhand.core.zones import zone_choices
from deskhand.tickets.actions.opening import SUBJECT_LIMIT
from deskhand.tickets.models import Category

FEWEST_DIGITS = 5


class NewTicketForm(forms.Form):
    """What a new ticket asks for beside the text."""

    subject = forms.CharField(
        max_length=SUBJECT_LIMIT,
        error_messages={
            "required": "Give the ticket a subject, so that you find it again.",
            "max_length": "The subject is %(show_value)d characters long; %(limit_value)d fit. Move the rest below.",
        },
    )
    category = forms.ModelChoiceField(
        Category.objects.filter(is_offered=True).order_by("position", "id"),
        to_field_name="slug",
        required=False,
        error_messages={"invalid_choice": "Choose what it is about from the list."},
    )
    needed_by_on = forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"],
        error_messages={"invalid": "Choose the day from the calendar, or write it as 2026-11-26."},
    )

    confirmed = forms.BooleanField(required=False)
    call_back_phone = forms.RegexField(
        r"^[0-9+()/.\- x]*$",
        max_length=40,
        required=False,
        error_messages={
            "invalid": "Use digits, spaces and + ( ) - only.",
            "max_length": "Shorten the number to 40 characters.",
        },
    )

    def __init__(
        self, *args: Any, today: date, colleagues: ContactQuerySet, sites: Sequence[str], **kwargs: Any
    ) -> None:
        """Refuse deadlines before `today`; offer to open the ticket for one of `colleagues`, about one of `sites`."""
        super().__init__(*args, **kwargs)
        self.today = today
        self.sites = sites
        self.fields["site"] = forms.ChoiceField(
            choices=[(site, site) for site in sites],
            required=False,
            error_messages={"invalid_choice": "Choose a site from the list, or none."},
        )
        self.colleagues = list(colleagues)
        self.fields["requester"] = forms.ModelChoiceField(
            colleagues, required=False, error_messages={"invalid_choice": "Choose a colleague from the list, or you."}
        )

    def clean_needed_by_on(self) -> date | None:
        """Refuse a day that is over."""
        day: date | None = self.cleaned_data["needed_by_on"]
        if day is not None and day < self.today:
            raise forms.ValidationError("That day is over. Choose today or a later one, or leave it empty.")
        return day

    def clean(self) -> dict[str, Any]:
        """Ask those who choose business critical to confirm it, and where to call them."""
        fields = super().clean() or self.cleaned_data
        category = fields.get("category")
        if category is None or not category.is_business_critical:
            self.errors.pop("call_back_phone", None)
            return fields | {"call_back_phone": ""}
        if not fields.get("confirmed"):
            self.add_error("confirmed", "Confirm that this is so, or choose another kind of ticket above.")
        phone = fields.get("call_back_phone")
        if phone is not None and sum(character.isdigit() for character in phone) < FEWEST_DIGITS:
            self.add_error("call_back_phone", "Enter the number at which we can call you now.")
        return fields


class ColleagueForm(forms.Form):
    """Which colleague to keep informed."""

    def __init__(self, *args: Any, colleagues: ContactQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"] = forms.ModelChoiceField(
            colleagues,
            error_messages={
                "required": "Choose a colleague.",
                "invalid_choice": "Choose a colleague from the list.",
            },
        )


class RightsForm(forms.Form):
    """What a colleague may do."""

    sees_whole_client = forms.BooleanField(required=False)
    sees_maintenance = forms.BooleanField(required=False)
    is_client_admin = forms.BooleanField(required=False)


class InvitationForm(RightsForm):
    """Whom to invite."""

    name = forms.CharField(
        max_length=200,
        error_messages={"required": "Enter their name.", "max_length": "Shorten the name to 200 characters."},
    )
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Enter their e-mail address.",
            "invalid": "That does not look like an e-mail address. Check for a missing @ or dot.",
            "max_length": "That is too long for an e-mail address. Check what was pasted.",
        },
    )

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return str(self.cleaned_data["email"]).lower()


class DetailsForm(forms.Form):
    """A contact's own details."""

    name = forms.CharField(
        max_length=200,
        error_messages={"required": "Enter your name.", "max_length": "Shorten your name to 200 characters."},
    )
    phone = forms.RegexField(
        r"^[0-9+()/.\- x]*$",
        max_length=40,
        required=False,
        error_messages={
            "invalid": "Use digits, spaces and + ( ) - only.",
            "max_length": "Shorten the number to 40 characters.",
        },
    )
    notifications = forms.ChoiceField(
        choices=[("all", "Mail of all tickets"), ("mine", "Mail of my tickets"), ("none", "Portal only")],
        required=False,
        error_messages={"invalid_choice": "Choose one of them."},
    )
    language = forms.ChoiceField(
        required=False,
        choices=[("", ""), *LANGUAGES.items()],
        error_messages={"invalid_choice": "Choose a language from the list."},
    )
    time_zone = forms.ChoiceField(
        required=False,
        choices=lambda: [("", ""), *((name, name) for name in zone_choices())],
        error_messages={"invalid_choice": "Choose a time zone from the list."},
    )
    theme = forms.ChoiceField(choices=[("system", "As my device"), ("light", "Light"), ("dark", "Dark")])


class PasswordForm(forms.Form):
    """A new password, and the present one where that is asked for."""

    current = forms.CharField(max_length=1000, strip=False, required=False)
    new = forms.CharField(
        max_length=1000,
        strip=False,
        error_messages={
            "required": "Enter a new password.",
            "max_length": "Shorten the password to 1,000 characters.",
        },
    )
