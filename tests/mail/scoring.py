"""The product's mail functions in the form the mail corpus' score.py asks for."""

from typing import Any

from deskhand.mail.forwards import split_forward
from deskhand.mail.message import Address, DeliveryState
from deskhand.mail.parsing import parse as parse_mail
from deskhand.mail.replies import newest_reply
from deskhand.mail.replies_html import newest_reply_html


def parse(raw: bytes) -> dict[str, Any]:
    mail = parse_mail(raw)
    # The corpus counts delays among the bounces; the product tells them apart.
    is_bounce = mail.bounce is not None and mail.bounce.state is not DeliveryState.DELIVERED
    return {
        "subject": mail.subject,
        "from": _pairs(mail.from_),
        "to": _pairs(mail.to),
        "cc": _pairs(mail.cc),
        "text": mail.text,
        "html": mail.html,
        "attachments": [(one.name, one.content_type, len(one.content), one.content) for one in mail.attachments],
        "auto_reply": mail.is_auto_reply,
        "bounce": is_bounce,
        "bounce_recipients": [one.address for one in mail.bounce.recipients] if mail.bounce else [],
    }


def _pairs(addresses: tuple[Address, ...]) -> list[tuple[str, str]]:
    return [(one.name, one.address) for one in addresses]


def reply(text: str) -> str:
    return newest_reply(text)


def forward(text: str) -> dict[str, Any] | None:
    found = split_forward(text)
    if found is None:
        return None
    return {"from": (found.sender.name, found.sender.address), "subject": found.subject}


def reply_html(html: str) -> str:
    return newest_reply_html(html)
