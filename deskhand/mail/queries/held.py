"""Why messages are held, for whoever decides about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from deskhand.mail.models import InboundMail, Verdict


@dataclass(frozen=True)
class HeldMail:
    """The mail a held message came as. `reason` is a sentence."""

    reason: str
    address: str


def held_mails_of(entry_ids: Sequence[int]) -> dict[int, HeldMail]:
    """Return the mails these held messages came as, by the message's id. One query, none for no message."""
    if not entry_ids:
        return {}
    rows = InboundMail.objects.filter(entry__in=entry_ids, verdict=Verdict.HELD)
    found = rows.values_list("entry", "reason", "from_address")
    return {entry_id: HeldMail(reason, address) for entry_id, reason, address in found}
