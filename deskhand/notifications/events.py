"""Facts about notifications."""

from dataclasses import dataclass
from typing import ClassVar

from deskhand.events import Fact


@dataclass(frozen=True, kw_only=True)
class AlertContactsChanged(Fact):
    """Other contacts are told when an allowance runs out; the subject is the client."""

    kind: ClassVar[str] = "allowance.alert_contacts_changed"
    subject_kind: ClassVar[str] = "client"
    personal: ClassVar[frozenset[str]] = frozenset({"added_names", "removed_names"})
    added_names: list[str]
    removed_names: list[str]
