"""An agent's own page."""

from typing import Any

from django import forms

from deskhand.workspace.forms.settings import AgentForm

LONGEST_PASSWORD = 1000


class ProfileForm(AgentForm):
    """How an agent appears, and how the desk looks to them."""

    theme = forms.ChoiceField(
        choices=[("system", "As the system has it"), ("light", "Light"), ("dark", "Dark")],
        error_messages={"invalid_choice": "Choose one from the list.", "required": "Choose one from the list."},
    )
    uses_shortcuts = forms.BooleanField(required=False)


class PasswordForm(forms.Form):
    """A new password, twice, and the present one where there is one."""

    current = forms.CharField(max_length=LONGEST_PASSWORD, strip=False, required=False)
    new = forms.CharField(
        max_length=LONGEST_PASSWORD,
        strip=False,
        error_messages={"required": "Enter the new password.", "max_length": "1,000 characters fit."},
    )
    again = forms.CharField(max_length=LONGEST_PASSWORD, strip=False, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse two passwords that differ."""
        cleaned = super().clean() or {}
        if cleaned.get("new") and cleaned.get("new") != cleaned.get("again"):
            self.add_error("again", "The two passwords differ. Type the new one again.")
        return cleaned
