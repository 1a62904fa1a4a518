"""How much automatic mail an address may get: at most one in an hour and ten in a day, over all tickets.

In a loop one a day: mail that comes in causes a second one only where a person was seen at the other end since.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from deskhand.core.prepared import lock_name, rows_of
from deskhand.core.remembering import recalled, remember
from deskhand.mail.addresses import is_own, own_addresses, without_tag
from deskhand.mail.models import OutboundKind

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURLY = 1
DAILY = 10
NOTICES = (OutboundKind.ACKNOWLEDGEMENT, OutboundKind.CLOSED)
_SENT = """
SELECT mail.created_at FROM mail_outboundmail AS mail JOIN mail_delivery AS delivery ON delivery.mail_id = mail.id
WHERE mail.kind = ANY(%s) AND mail.created_at > %s AND (delivery.address = %s OR delivery.address LIKE %s)
"""
_SPECIAL = re.compile(r"[\\%_]")
_MACHINE = re.compile(
    r"^(?:no-?_?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|abuse|listserv|majordomo|root)(?:[+\-@]|$)"
    r"|-(?:bounces?|request|owner)@|^owner-",
    re.IGNORECASE,
)


class Allowance:
    """What automatic mail an address may still get, counted under a lock that holds until the transaction ends."""

    def __init__(self, address: str, *, at: datetime) -> None:
        self.address = address.lower()
        self.person = without_tag(address)
        self.at = at
        self._sent: Sequence[datetime] = ()

    @property
    def sent_today(self) -> int:
        """How many were sent within the last day, once `has_left` has counted them."""
        return len(self._sent)

    def has_left(self) -> bool:
        """Return whether one more may go to this address now, as far as it is a person's and confirmed."""
        if _MACHINE.search(self.address) or is_own(self.address, own_addresses()):
            return False
        # What was sent stays sent: if that which is remembered is too much, nobody need ask for what came since.
        if not self._leaves_some(recalled(("notices", self.person), ())):
            return False
        # Two tickets of one address at once: the second one counts the first.
        lock_name(f"notices:{self.person}")
        moments = [moment for (moment,) in rows_of(_SENT, self._wanted())]
        remember(("notices", self.person), moments)
        return self._leaves_some(moments)

    def _wanted(self) -> tuple[list[str], datetime, str, str]:
        """Return which mail counts: to the address under whatever +tag, for machines make one up for each mail."""
        local, _, domain = _SPECIAL.sub(r"\\\g<0>", self.person).rpartition("@")
        return [kind.value for kind in NOTICES], self.at - DAY, self.person, f"{local}+%@{domain}"

    def _leaves_some(self, moments: Sequence[datetime]) -> bool:
        self._sent = sorted(one for one in moments if one > self.at - DAY)
        in_this_hour = sum(one > self.at - HOUR for one in self._sent)
        return in_this_hour < HOURLY and len(self._sent) < DAILY

    def may_go_in_circles(self, *, seen_at: datetime | None) -> bool:
        """Return whether what comes by mail now may be a machine's doing that answers the last one sent today.

        Whatever tells a machine may be lost, in its header and in what it writes, and it may take its time. So this
        asks for a person instead: one who was here since (`seen_at`), because machines do not sign in.
        """
        return bool(self._sent) and (seen_at is None or seen_at <= self._sent[-1])
