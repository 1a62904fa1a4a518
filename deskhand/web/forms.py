"""Forms of the shared pages, and what the fields of any form offer."""

from typing import Any, Protocol, cast

from django import forms


class Offering(Protocol):
    """A field that offers rows (`queryset`) or fixed values (`choices`), one or several of which can be chosen."""

    queryset: Any
    choices: Any


def offering(form: forms.BaseForm, name: str) -> Offering:
    """Return a field by what it offers, to read that or to replace it."""
    return cast("Offering", form.fields[name])


class AddressForm(forms.Form):
    """Where to send the sign-in link."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "That does not look like an e-mail address. Check for a missing @ or dot.",
            "max_length": "That is too long for an e-mail address. Check what was pasted.",
        },
    )


class PasswordForm(AddressForm):
    """Sign-in by password."""

    password = forms.CharField(max_length=1000, strip=False, error_messages={"required": "Enter your password."})
