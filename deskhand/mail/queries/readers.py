"""Whether a notice to staff may still be read by whom it was written for."""

from deskhand.mail.models import Delivery, OutboundMail
from deskhand.tickets.models import Ticket


def may_still_get(delivery: Delivery) -> bool:
    """Return whether a mail may leave: always, but for a notice to an agent who left, moved or sees it no more.

    Two queries for a notice, none for any other mail.
    """
    mail: OutboundMail = delivery.mail
    reader = mail.reader
    if reader is None:
        return True
    if not reader.user.is_active or reader.user.email.lower() != delivery.address:
        return False
    return mail.ticket_id is None or Ticket.objects.visible_to(reader).filter(pk=mail.ticket_id).exists()
