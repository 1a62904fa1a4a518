"""Forms of the portal. Composed text and files are read by deskhand.web.composing."""

from datetime import date
from typing import Any

from django import forms

from deskhand.clients.models import ContactQuerySet
from deskhand.tickets.actions.opening import SUBJECT_LIMIT
from deskhand.tickets.models import Category


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

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_needed_by_on(self) -> date | None:
        """Refuse a day that is over."""
        day: date | None = self.cleaned_data["needed_by_on"]
        if day is not None and day < self.today:
            raise forms.ValidationError("That day is over. Choose today or a later one, or leave it empty.")
        return day


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
