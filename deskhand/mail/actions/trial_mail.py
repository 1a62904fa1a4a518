"""Trying out how a mailbox sends."""

from django.db import transaction

from deskhand.accounts.models import User
from deskhand.events import Act
from deskhand.mail.actions.queueing import put_in_outbox
from deskhand.mail.models import Acknowledging, Mailbox, OutboundMail, TextKind
from deskhand.mail.notices import compose_test
from deskhand.mail.previews import example_of
from deskhand.mail.shipped import Text
from deskhand.mail.texts import desk_language, text_of


@transaction.atomic
def send_trial(*, mailbox_id: int, person: User, act: Act) -> OutboundMail:
    """Send the mailbox's acknowledgement, filled with examples, from its address to the agent who asks."""
    box = Mailbox.objects.get(pk=mailbox_id)
    language = desk_language()
    own = Text(box.acknowledgement_subject, box.acknowledgement_body)
    text = own if box.acknowledging == Acknowledging.OWN else text_of(TextKind.ACKNOWLEDGEMENT, language)
    letter = example_of(TextKind.ACKNOWLEDGEMENT, text, language)
    mail = compose_test(letter, name=person.name, address=person.email, at=act.at)
    mail.mailbox, mail.from_address = box, box.address
    mail.save(force_insert=True)
    put_in_outbox(mail, [person.email], act=act)
    return mail
