"""The desk's addresses: adding and changing them, and switching them off and on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from deskhand.accounts.models import Team, User
from deskhand.core.changes import differences
from deskhand.core.text import one_line, storable
from deskhand.core.uniqueness import unless_taken
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.mail.addresses import is_signed_kind
from deskhand.mail.events import MailboxAdded, MailboxChanged, MailboxSwitchedOff, MailboxSwitchedOn
from deskhand.mail.models import Acknowledging, Mailbox, MailboxAlias, TextKind
from deskhand.mail.texts import checked_text
from deskhand.tickets.models import Category


class AddressTaken(ValueError):
    """The address already belongs to a mailbox."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} already belongs to a mailbox of this desk.")


class AliasTaken(AddressTaken):
    """One of the other addresses already belongs to a mailbox."""


class AddressOfPerson(ValueError):
    """The address belongs to a person, who would write to themselves."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} is the address of a person known here. Give the mailbox one of its own.")


@dataclass(frozen=True)
class MailboxFields:
    """What a mailbox is; `address` and `aliases` in lower case."""

    name: str
    address: str
    aliases: tuple[str, ...] = ()
    team: Team | None = None
    category: Category | None = None
    signature: str = ""
    acknowledging: Acknowledging = Acknowledging.AS_DESK
    acknowledgement_subject: str = ""
    acknowledgement_body: str = ""


@transaction.atomic
def add_mailbox(fields: MailboxFields, *, act: Act) -> Mailbox:
    """Add an address of the desk. Raises AddressTaken, AliasTaken, AddressOfPerson, TextNotValid."""
    box = Mailbox(name=one_line(fields.name), address=fields.address.lower(), created_at=act.at)
    _write(box, fields)
    record(MailboxAdded(subject_id=box.pk, address=box.address), act=act)
    return box


@transaction.atomic
def change_mailbox(*, mailbox_id: int, fields: MailboxFields, act: Act) -> None:
    """Change a mailbox. Raises AddressTaken, AliasTaken, AddressOfPerson, TextNotValid."""
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    before = _shown(box)
    _write(box, fields)
    if changes := differences(before, _shown(box)):
        record(MailboxChanged(subject_id=box.pk, changes=changes), act=act)


@transaction.atomic
def switch_mailbox(*, mailbox_id: int, is_enabled: bool, act: Act) -> None:
    """Switch a mailbox off, so that mail for new tickets is held, or on again, which lets go what was held."""
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    if box.is_enabled == is_enabled:
        return
    box.is_enabled = is_enabled
    box.save(update_fields=["is_enabled"])
    record((MailboxSwitchedOn if is_enabled else MailboxSwitchedOff)(subject_id=box.pk), act=act)


def _write(box: Mailbox, fields: MailboxFields) -> None:
    aliases = {alias.lower() for alias in fields.aliases} - {fields.address.lower()}
    _require_free([fields.address.lower()], box, AddressTaken)
    _require_free(aliases, box, AliasTaken)
    box.name, box.address = one_line(fields.name), fields.address.lower()
    box.team, box.category, box.signature = fields.team, fields.category, storable(fields.signature).strip()
    _write_acknowledgement(box, fields)
    with unless_taken("mailbox_address_unique", AddressTaken(box.address)):
        box.save()
    box.aliases.exclude(address__in=aliases).delete()
    present = set(box.aliases.values_list("address", flat=True))
    for alias in sorted(aliases - present):
        with unless_taken("mailbox_alias_address_unique", AliasTaken(alias)):
            MailboxAlias.objects.create(mailbox=box, address=alias)


def _write_acknowledgement(box: Mailbox, fields: MailboxFields) -> None:
    """Keep the mailbox's own text; one that is not used is kept as it is, so that switching it off loses nothing."""
    box.acknowledging = fields.acknowledging
    subject, body = one_line(fields.acknowledgement_subject), storable(fields.acknowledgement_body).strip()
    if fields.acknowledging == Acknowledging.OWN:
        text = checked_text(TextKind.ACKNOWLEDGEMENT, subject, body)
        subject, body = text.subject, text.body
    box.acknowledgement_subject, box.acknowledgement_body = subject, body


def _require_free(addresses: Iterable[str], box: Mailbox, error: type[AddressTaken]) -> None:
    for address in addresses:
        is_box = Mailbox.objects.filter(address=address).exclude(pk=box.pk).exists()
        is_alias = MailboxAlias.objects.filter(address=address).exclude(mailbox_id=box.pk).exists()
        if is_box or is_alias or is_signed_kind(address):
            raise error(address)
        if User.objects.with_address(address).exists():
            raise AddressOfPerson(address)


def _shown(box: Mailbox) -> dict[str, Any]:
    return {
        "name": box.name,
        "address": box.address,
        "aliases": sorted(box.aliases.values_list("address", flat=True)),
        "team": box.team.name if box.team else "",
        "category": box.category.name if box.category else "",
        "signature": box.signature,
        "acknowledging": box.acknowledging,
        "acknowledgement_subject": box.acknowledgement_subject,
        "acknowledgement_body": box.acknowledgement_body,
    }
