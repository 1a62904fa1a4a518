"""Looking into a mailbox of a real Dovecot as a reader does, and at what came of it."""

from collections.abc import Callable
from datetime import datetime

from deskhand.core.secrets import seal
from deskhand.mail.fetching import Reading, login_of, read_folder
from deskhand.mail.imap import Folder, opened
from deskhand.mail.models import ImapAccount, InboundMail, Mailbox
from tests.cast import NOON
from tests.mail import dovecot
from tests.mail.post_office import mail


def account_of(box: dovecot.Mailbox, mailbox: Mailbox, **fields: object) -> ImapAccount:
    given = {
        "mailbox": mailbox,
        "host": box.host,
        "port": box.port,
        "security": "none",
        "user": box.user,
        "sealed_password": seal(box.password),
        "changed_at": NOON,
    }
    return ImapAccount.objects.create(**given | fields)


def clock() -> datetime:
    return NOON


def read(account: ImapAccount, *, folder_type: type[Folder] | None = None) -> int:
    return look(account, folder_type=folder_type).taken


def look(
    account: ImapAccount,
    *,
    folder_type: type[Folder] | None = None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Reading:
    account = ImapAccount.objects.select_related("mailbox").get(pk=account.pk)
    with opened(login_of(account, now=NOON)) as folder:
        if folder_type is not None:
            folder.__class__ = folder_type
        return read_folder(account, folder, clock=clock, is_stopping=is_stopping)


def subjects() -> list[str]:
    firsts = InboundMail.objects.filter(duplicate_of=None)
    return sorted(firsts.values_list("subject", flat=True))


def mails(*names: str) -> list[bytes]:
    return [mail(f"About {name}.", subject=name) for name in names]


def flags_of(box: dovecot.Mailbox, folder: str = "INBOX") -> list[tuple[bytes, ...]]:
    with box.as_person(folder) as client:
        found = client.fetch(client.search(), ["FLAGS"])
    return [tuple(flag for flag in one[b"FLAGS"] if flag != rb"\Recent") for one in found.values()]
