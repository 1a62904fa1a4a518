"""Fields whose complaints say what to do."""

from typing import Any

from django import forms

from deskhand.core.text import one_line


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
        """Return the address in lower case."""
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
