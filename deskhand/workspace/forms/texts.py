"""The texts of mail."""

from typing import Any

from django import forms

from deskhand.core.languages import LANGUAGES
from deskhand.mail.models import Quote, TextKind
from deskhand.mail.texts import BODY_LIMIT, SUBJECT_LIMIT
from deskhand.workspace.forms.fields import Choice, Line


class MailSettingsForm(forms.Form):
    """Which notices go out, what replies quote, and the desk's language."""

    acknowledges = forms.BooleanField(required=False)
    announces_closing = forms.BooleanField(required=False)
    quote = Choice(Quote)
    copies_join = forms.BooleanField(required=False)
    language = forms.ChoiceField(
        choices=list(LANGUAGES.items()),
        required=False,
        error_messages={"invalid_choice": "Choose one from the list."},
    )


class MailTextForm(forms.Form):
    """A subject and a text with variables."""

    subject = Line(SUBJECT_LIMIT, missing="Write a subject.")
    body = forms.CharField(
        max_length=BODY_LIMIT,
        error_messages={
            "required": "Write a text.",
            "max_length": f"This is %(show_value)d characters long; {BODY_LIMIT} fit.",
        },
    )

    def __init__(self, *args: Any, place: TextKind, **kwargs: Any) -> None:
        """Ask for a subject only where it can be chosen: a reply's is the ticket's."""
        super().__init__(*args, **kwargs)
        self.fields["subject"].required = place != TextKind.REPLY
