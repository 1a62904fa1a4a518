"""Trying out how a mailbox sends."""

from django.db import transaction

from deskhand.accounts.models import Desk, User
from deskhand.core.languages import DEFAULT_LANGUAGE
from deskhand.events import Act
from deskhand.mail.actions.queueing import put_in_outbox
from deskhand.mail.models import Mailbox, OutboundMail, TextKind
from deskhand.mail.notices import TEST_MARK, Letter, compose_test
from deskhand.mail.shipped import Text

# About no ticket: the number of an example may be somebody's on a live desk.
_TRIAL = Text(
    TEST_MARK + "Sending from {mailbox}",
    "Hello {name},\n\nthis is a test of how {desk} sends from {mailbox}. As you are reading it, that works.\n\n"
    "It belongs to no ticket, and there is nothing to do.",
)


@transaction.atomic
def send_trial(*, mailbox_id: int, person: User, act: Act) -> OutboundMail:
    """Send the agent who asks a mail from the mailbox's address that says it is a test; in the workspace's language."""
    box = Mailbox.objects.get(pk=mailbox_id)
    values = {"name": person.first_name, "desk": Desk.current().name, "mailbox": box.address}
    letter = Letter(kind=TextKind.ACKNOWLEDGEMENT, text=_TRIAL, language=DEFAULT_LANGUAGE, values=values)
    mail = compose_test(letter, name=person.name, address=person.email, at=act.at)
    mail.mailbox, mail.from_address = box, box.address
    mail.save(force_insert=True)
    put_in_outbox(mail, [person.email], act=act)
    return mail
