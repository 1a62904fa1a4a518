"""The texts of automatic mail."""

from django import forms

from deskhand.mail.models import Quote
from deskhand.mail.texts import BODY_LIMIT, SUBJECT_LIMIT
from deskhand.workspace.forms.fields import Choice, Line


class MailSettingsForm(forms.Form):
    """Which notices go out, and what replies quote."""

    acknowledges = forms.BooleanField(required=False)
    announces_closing = forms.BooleanField(required=False)
    quote = Choice(Quote)


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
