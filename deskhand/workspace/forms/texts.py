"""The texts of mail."""

from typing import Any

from django import forms

from deskhand.core.languages import LANGUAGES
from deskhand.mail.models import Quote, TextKind
from deskhand.mail.texts import BODY_LIMIT, SUBJECT_LIMIT, complaints_about
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


class OwnText(forms.CharField):
    """The text of a mail; whether there has to be one depends on what it is for."""

    def __init__(self) -> None:
        complaints = {"max_length": f"This is %(show_value)d characters long; {BODY_LIMIT} fit."}
        super().__init__(max_length=BODY_LIMIT, required=False, error_messages=complaints)


class MailTextForm(forms.Form):
    """A subject and a text with variables."""

    subject = Line(SUBJECT_LIMIT)
    body = OwnText()

    def __init__(self, *args: Any, place: TextKind, **kwargs: Any) -> None:
        """Take a text of this kind."""
        super().__init__(*args, **kwargs)
        self._place = place

    def clean(self) -> dict[str, Any]:
        """Say all that is wrong with the text at once, each at its field."""
        given = super().clean() or {}
        add_complaints(self, self._place, subject="subject", body="body")
        return given


def add_complaints(form: forms.Form, kind: TextKind, *, subject: str, body: str) -> None:
    """Add what is wrong with a text, whose subject and body are in these fields, and was not said yet."""
    names = {"subject": subject, "body": body}
    given = {part: form.cleaned_data.get(name, "") for part, name in names.items()}
    said_before = set(form.errors)
    for part, complaint in complaints_about(kind, **given):
        if names[part] not in said_before:
            form.add_error(names[part], complaint)
