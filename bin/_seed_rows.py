"""The rows of a ticket in every table: what hangs on it by its foreign keys, so that tables to come are found too."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Model, QuerySet

from deskhand.events.models import Event
from deskhand.files.models import File
from deskhand.mail.models import InboundMail, OutboundMail
from deskhand.tickets.models import Attachment, Ticket
from deskhand.tickets.models.team import TeamAttachment

Rows = dict[type[Model], list[dict[str, Any]]]
"""By model, the values of its rows as the columns are stored."""
SUBJECTS: Mapping[str, type[Model]] = {"ticket": Ticket, "inbound_mail": InboundMail, "outbound_mail": OutboundMail}
"""What events are about, which know no foreign keys."""


def belongings(ticket_id: int) -> Rows:
    """Return the rows of the ticket and of whatever hangs on it."""
    found: dict[type[Model], set[Any]] = {}
    fresh: list[tuple[type[Model], set[Any]]] = []

    def find(rows: "QuerySet[Any]") -> None:
        keys = set(rows.values_list("pk", flat=True)) - found.get(rows.model, set())
        if keys:
            found.setdefault(rows.model, set()).update(keys)
            fresh.append((rows.model, keys))

    find(Ticket.objects.filter(pk=ticket_id))
    while fresh:
        known, keys = fresh.pop()
        for link in _links_to(known):
            find(link.model._base_manager.filter(**{f"{link.name}__in": keys}))
        if known in {Attachment, TeamAttachment}:
            files = known._base_manager.filter(pk__in=keys).values_list("file", flat=True)
            find(File.objects.filter(pk__in=list(files)))
    for kind, model in SUBJECTS.items():
        find(Event.objects.filter(subject_kind=kind, subject_id__in=found.get(model, ())))
    return {model: _rows(model, keys) for model, keys in found.items()}


def stored_columns(model: type[Model]) -> "list[Field[Any, Any]]":
    """Return the fields that are written, generated ones left out."""
    return [one for one in model._meta.concrete_fields if not one.generated]


def _links_to(target: type[Model]) -> "list[ForeignKey[Any, Any]]":
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    links = [one for model in models for one in model._meta.concrete_fields if isinstance(one, ForeignKey)]
    return [link for link in links if link.remote_field.model is target]


def _rows(model: type[Model], keys: set[Any]) -> list[dict[str, Any]]:
    names = [one.attname for one in stored_columns(model)]
    return list(model._base_manager.filter(pk__in=keys).order_by("pk").values(*names))
