"""Addresses and Message-IDs the desk makes for itself, and reads back.

All are signed, ignore case, and keep the local part within 64 characters (RFC 5321 §4.5.3.1.1):
`reply+1042-<signature>@` names a ticket, `reply+1042-a17-<signature>@` a ticket and the one agent who may use it,
`reply+1042-t17-<signature>@` the same where the answer is for the team alone, `bounce+9k3-<signature>@` a delivery
(VERP). Anything not signed by this desk reads as None.
"""

import re
import secrets
from dataclasses import dataclass

from django.conf import settings

from deskhand.core.prepared import rows_of
from deskhand.core.remembering import remembered
from deskhand.mail.signing import is_signed, signature_of

_REPLY = re.compile(r"^reply\+(\d{1,12})(?:-([at])(\d{1,12}))?-([a-z2-7]{26})$")
# As it stands in text, and as programs write it into links.
_AGENT_REPLY = re.compile(
    r"\breply(?:\+|%2B|&#43;|&plus;)\d{1,12}-[at]\d{1,12}-[a-z2-7]{26}(?:(?:@|%40|&#64;|&commat;)[\w.-]+\w)?",
    re.IGNORECASE,
)
_BOUNCE = re.compile(r"^bounce\+([0-9a-z]{1,13})-([a-z2-7]{26})$")
_MESSAGE_ID = re.compile(r"^<([0-9a-f]{24})\.(\d{1,12})\.([a-z2-7]{26})@([^<>@\s]+)>$")
_AGENT_PURPOSES = {"a": "agent-reply", "t": "agent-team-reply"}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class ReplyToken:
    """What a signed reply address says: which ticket, and for whom alone if it is an agent's.

    `is_for_team`: what arrives there stays among the team.
    """

    ticket_number: int
    agent_id: int | None = None
    is_for_team: bool = False


def reply_address(ticket_number: int) -> str:
    """Return the address at which answers to a ticket arrive."""
    signature = signature_of("reply", str(ticket_number))
    return f"reply+{ticket_number}-{signature}@{settings.MAIL_DOMAIN}"


def agent_reply_address(ticket_number: int, agent_id: int, *, is_for_team: bool = False) -> str:
    """Return the address by which this one agent may answer a ticket. Put it in no mail that a client gets.

    With `is_for_team` the answer becomes a team message, and can become nothing else.
    """
    letter = "t" if is_for_team else "a"
    signature = signature_of(_AGENT_PURPOSES[letter], f"{ticket_number}:{agent_id}")
    return f"reply+{ticket_number}-{letter}{agent_id}-{signature}@{settings.MAIL_DOMAIN}"


def without_agent_addresses(text: str) -> str:
    """Return `text` without agents' reply addresses, which a quote may carry along."""
    return _AGENT_REPLY.sub("…", text)


def read_reply_address(address: str) -> ReplyToken | None:
    """Return what a reply address says, or None for any other or forged address."""
    found = _REPLY.match(_local_part(address))
    if not found:
        return None
    number, letter, agent, signature = found.groups()
    if agent is None:
        return ReplyToken(int(number)) if is_signed("reply", number, signature) else None
    is_ours = is_signed(_AGENT_PURPOSES[letter], f"{number}:{agent}", signature)
    return ReplyToken(int(number), int(agent), is_for_team=letter == "t") if is_ours else None


def bounce_address(delivery_id: int) -> str:
    """Return the envelope sender of one delivery, to which its failure is reported."""
    name = _base36(delivery_id)
    return f"bounce+{name}-{signature_of('bounce', name)}@{settings.MAIL_DOMAIN}"


def read_bounce_address(address: str) -> int | None:
    """Return the id of the delivery that a report came back for, or None."""
    found = _BOUNCE.match(_local_part(address))
    if not found or not is_signed("bounce", found[1], found[2]):
        return None
    return int(found[1], 36)


def new_message_id(ticket_number: int) -> str:
    """Return a fresh Message-ID with its angle brackets; `ticket_number` is 0 for mail about no ticket."""
    value = f"{secrets.token_hex(12)}.{ticket_number}"
    return f"<{value}.{signature_of('message-id', value)}@{settings.MAIL_DOMAIN}>"


def read_message_id(message_id: str) -> int | None:
    """Return the ticket number (or 0) of a Message-ID this desk made, None for anyone else's.

    The domain is not compared: the signature says whose it is, also after the desk has moved to another domain.
    """
    found = _MESSAGE_ID.match(message_id.strip().lower())
    if not found:
        return None
    unique, number, signature, _domain = found.groups()
    return int(number) if is_signed("message-id", f"{unique}.{number}", signature) else None


def own_addresses() -> frozenset[str]:
    """Return the addresses of the desk itself, lower case. One query."""
    return remembered("own addresses", _own_addresses)


def _own_addresses() -> frozenset[str]:
    known = rows_of("SELECT address FROM mail_mailbox UNION ALL SELECT address FROM mail_mailboxalias", ())
    return frozenset({*(address for (address,) in known), settings.MAIL_FROM.lower()})


def is_own(address: str, own: frozenset[str]) -> bool:
    """Return whether an address is the desk's: a mailbox (with or without a +tag), or one it signed."""
    flat = address.strip().lower()
    if flat in own or without_tag(flat) in own:
        return True
    return _local_part(flat).startswith(("reply+", "bounce+"))


def is_signed_kind(address: str) -> bool:
    """Return whether an address looks like those the desk makes and signs for itself."""
    return _local_part(address).partition("+")[0] in {"reply", "bounce"}


def ascii_domain(address: str) -> str:
    """Return the address with its domain as DNS knows it (IDNA); unchanged where that cannot be."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def without_tag(address: str) -> str:
    """Return the address in lower case without its +tag, as the mailbox that reads it is called."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _local_part(address: str) -> str:
    local, _, domain = address.strip().lower().rpartition("@")
    return local if domain == settings.MAIL_DOMAIN.lower() else ""


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits
