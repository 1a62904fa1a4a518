"""Delivery reports: which recipient did not get which mail."""

from deskhand.mail.message import Address, Attachment, Bounce, Headers


def find_bounce(
    headers: Headers,
    subject: str,
    from_: tuple[Address, ...],
    text: str,
    attachments: tuple[Attachment, ...],
) -> Bounce | None:
    """The delivery report this mail is, or None."""
    return None
