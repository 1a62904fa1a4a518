"""Fields whose complaints say what to do."""

import re
from typing import Any

from django import forms

from deskhand.core.text import one_line

_HOST = re.compile(r"^[\w.:-]{1,253}$", re.ASCII)


class Line(forms.CharField):
    """One line of text, without what cannot be seen."""

    def __init__(self, limit: int, *, missing: str = "", **kwargs: Any) -> None:
        """Take up to `limit` characters; `missing` is said where something must be given."""
        complaints = {
            "required": missing,
            "max_length": f"This is %(show_value)d characters long; {limit} fit.",
        }
        super().__init__(max_length=limit, required=bool(missing), error_messages=complaints, **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the text on one line."""
        return one_line(str(super().to_python(value) or ""))


class Address(forms.EmailField):
    """An e-mail address, in lower case."""

    def __init__(self, *, missing: str = "") -> None:
        complaints = {
            "required": missing,
            "invalid": "That does not look like an e-mail address. Check for a missing @ or dot.",
            "max_length": "This address is too long; 254 characters fit.",
        }
        super().__init__(max_length=254, required=bool(missing), error_messages=complaints)

    def clean(self, value: Any) -> str:
        """Return the address in lower case. Raises ValidationError for what is none."""
        require_plain(str(value or ""))
        return str(super().clean(value)).lower()


class OneOf(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """One row of those offered, or none where `missing` is not said."""

    def __init__(self, rows: Any, *, missing: str = "", **kwargs: Any) -> None:
        complaints = {"required": missing, "invalid_choice": "Choose one from the list."}
        super().__init__(rows, required=bool(missing), error_messages=complaints, **kwargs)


class Choice(forms.ChoiceField):
    """One of a few fixed values, given as an enumeration with labels."""

    def __init__(self, choices: Any, *, missing: str = "Choose one from the list.") -> None:
        complaints = {"required": missing, "invalid_choice": "Choose one from the list."}
        super().__init__(choices=choices.choices, required=bool(missing), error_messages=complaints)
        self.enum = choices

    def clean(self, value: Any) -> Any:
        """Return the member of the enumeration, or None where nothing was chosen."""
        chosen = super().clean(value)
        if chosen in {"", None}:
            return None
        return next(member for member in self.enum if str(member.value) == str(chosen))


class Host(Line):
    """The name or the address of a server."""

    def __init__(self, example: str) -> None:
        super().__init__(253, missing=f"Enter the server's name, such as {example}.")
        self._example = example

    def clean(self, value: Any) -> str:
        """Return the name. Raises ValidationError for what is none."""
        host = str(super().clean(value))
        if not is_host(host):
            raise forms.ValidationError(f"Enter the server's name alone, such as {self._example}.")
        return host


class Port(forms.IntegerField):
    """The port of a server; `usual` says which ones there are."""

    def __init__(self, usual: str) -> None:
        complaints = {
            "required": f"Enter the port: {usual}.",
            "invalid": f"Enter a number: {usual}.",
            "min_value": "Enter a port between 1 and 65535.",
            "max_value": "Enter a port between 1 and 65535.",
        }
        super().__init__(min_value=1, max_value=65535, error_messages=complaints)


class StoredPassword(forms.CharField):
    """A password for elsewhere, kept as typed; empty where the one that is stored is to stay."""

    def __init__(self) -> None:
        complaints = {"max_length": "This is %(show_value)d characters long; 1,000 fit."}
        super().__init__(
            max_length=1000, required=False, strip=False, error_messages=complaints, widget=forms.PasswordInput
        )


def require_plain(address: str) -> None:
    """Raises ValidationError for an address whose part before the @ holds letters that few mail servers take."""
    local, at, _ = address.rpartition("@")
    if at and not local.isascii():
        strange = next(letter for letter in local if not letter.isascii())
        raise forms.ValidationError(f"Letters beyond ASCII, such as “{strange}”, cannot be used here before the @.")


def is_host(text: str) -> bool:
    """Return whether this may be the name or the address of a server."""
    return bool(_HOST.match(text))
