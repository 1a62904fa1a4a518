"""The reference of events and permissions, written from the code that defines them.

`bin/reference` writes docs/reference.md; a test fails while the page says anything else than the code.
"""

from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc

from django.apps import apps

from deskhand.accounts.roles import Permission
from deskhand.events import Fact

HEAD = """# Reference

Written from the code by `bin/reference`; do not edit it by hand.

## Permissions

A role is a set of these, with how much of the desk it sees. The shipped roles can be seen in Settings → Agents and
roles.

| Permission | Means |
|---|---|
"""
EVENTS = """
## Events

Everything that happens is one of these facts. Its row is never changed or deleted; the history of a ticket and the
log of the desk are these rows. *Clients* says whether a client may learn that it happened.

| Event | What happened | Clients |
|---|---|---|
"""


def page() -> str:
    """Return docs/reference.md as the code has it."""
    permissions = "".join(f"| `{right.value}` | {right.label} |\n" for right in Permission)
    return HEAD + permissions + EVENTS + "".join(sorted(_event_line(fact) for fact in facts()))


def facts() -> list[type[Fact]]:
    """Return every fact of every app."""
    for config in apps.get_app_configs():
        if config.name.startswith("deskhand.") and (config.module and _has_events(config.name)):
            import_module(f"{config.name}.events")
    return [fact for fact in _below(Fact) if "." in getattr(fact, "kind", "")]


def _has_events(app: str) -> bool:
    try:
        import_module(f"{app}.events")
    except ModuleNotFoundError:
        return False
    return True


def _below(fact: type[Fact]) -> Iterator[type[Fact]]:
    for child in fact.__subclasses__():
        if child.__module__.startswith("deskhand."):
            yield child
        yield from _below(child)


def _event_line(fact: type[Fact]) -> str:
    first = (getdoc(fact) or "").partition("\n\n")[0].replace("\n", " ")
    return f"| `{fact.kind}` | {first} | {'yes' if fact.client_visible else 'no'} |\n"
