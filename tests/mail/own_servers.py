"""Mailboxes with a real server of their own to send by, beside the desk's."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from deskhand.mail.actions.smtp_accounts import (
    SmtpFields,
    set_smtp,
)
from deskhand.mail.models import (
    Delivery,
    DeliveryState,
    Mailbox,
    SmtpAccount,
    SmtpSignIn,
)
from deskhand.mail.smtp import Server
from tests.cast import Cast, act_by
from tests.mail.smtp_servers import Guarded, Inbox, guarded_server, receiving_server
from tests.mail.test_sending import sending_to

USER, PASSWORD = "support@desk.example", "correct-horse"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def guarded() -> Guarded:
    """Return a provider's server: it takes the mailbox's mail in the mailbox's name alone."""
    return Guarded(passwords={USER: PASSWORD}, senders=frozenset({USER}))


def fields_for(server: Server, **changes: Any) -> SmtpFields:
    fields = SmtpFields(server.host, server.port, "none", SmtpSignIn.PASSWORD, USER, PASSWORD)
    return dataclasses.replace(fields, **changes)


def give(box: Mailbox, cast: Cast, server: Server, **changes: Any) -> SmtpAccount:
    return set_smtp(mailbox_id=box.pk, fields=fields_for(server, **changes), act=act_by(cast.ada.user))


@contextmanager
def two_servers(own: Guarded) -> Iterator[tuple[Inbox, Server]]:
    """Run the desk's server, and one of a mailbox; yields what the desk's took, and where the mailbox's is."""
    desk = Inbox()
    with receiving_server(desk) as desks, sending_to(desks), guarded_server(own) as server:
        yield desk, server


def state() -> DeliveryState:
    return DeliveryState(Delivery.objects.get().state)
