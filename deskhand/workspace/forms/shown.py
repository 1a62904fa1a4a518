"""A form as templates read it, and an action's refusal as an error under its field."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict


class Shown:
    """The values and errors of a form; nothing that was typed is lost, but for secrets where something is wrong.

    They have to be typed again then, which is said: left empty, the field would keep the one that is stored. A form
    that was only tried out shows them masked, so that what is saved is what was tried.
    """

    def __init__(self, form: forms.Form, *, prefix: str = "field") -> None:
        """Read `form`; its fields have the ids `prefix`-name."""
        self._form = form
        self._prefix = prefix

    def value(self, name: str) -> Any:
        """Return what stands in a field, as text."""
        value = "" if self._is_withheld(name) else self._form[name].value()
        return "" if value is None else value

    def is_on(self, name: str) -> bool:
        """Return whether a box is ticked."""
        return self._form[name].value() in {True, "on", "true", "True", "1"}

    def errors(self, name: str) -> list[str]:
        """Return what is wrong with a field, one sentence each."""
        said = [str(error) for error in self._form.errors.get(name, [])]
        return said or (["Type this secret again: it is not sent back."] if self._is_withheld(name) else [])

    def _is_withheld(self, name: str) -> bool:
        is_secret = isinstance(self._form.fields[name].widget, forms.PasswordInput)
        return is_secret and bool(self._form.errors) and bool(self._form[name].value())

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Everything that is wrong, in the order of the fields, each with the id of its field."""
        return [(f"{self._prefix}-{name}", error) for name in self._form.fields for error in self.errors(name)]


class refusals:  # noqa: N801 (reads as a statement)
    """Put what an action refuses under a field of the form, and go on: `with refusals(form, {NameTaken: "name"}):`."""

    def __init__(self, form: forms.Form, fields: Mapping[type[Any], str]) -> None:
        self._form = form
        self._fields = fields

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Take the refusals listed, and nothing else."""
        field = next((name for refusal, name in self._fields.items() if isinstance(error, refusal)), None)
        if field is None:
            return False
        self._form.add_error(field, str(error))
        return True


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form sent, however little; None where a page is only asked for."""
    return request.POST if request.method == "POST" else None


def status_of(form: forms.Form) -> int:
    """Return the HTTP status of the page that shows the form: 422 where something is to be mended."""
    return 422 if form.is_bound and form.errors else 200
