"""What the servers of a mailbox have in common, whether it is read from them or sends by them.

Setting one up, and waiting longer after each failure.
"""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

from deskhand.core.secrets import seal, unseal
from deskhand.mail.models import SmtpSecurity, SmtpSignIn
from deskhand.mail.models.servers import THIS_MACHINE, MailServer

LONGEST_WAIT = timedelta(minutes=30)
WELL: dict[str, Any] = {"last_error": "", "last_error_at": None, "failures": 0, "next_try_at": None}
"""The fields of a server with which nothing is wrong."""


class PasswordMissing(ValueError):
    """There is no password yet, or the stored one is for another server or user, who must not get to see it."""

    def __init__(self) -> None:
        super().__init__("Enter the password.")


class NotProtected(ValueError):
    """Mail and password would go through the network for everyone to read."""

    def __init__(self) -> None:
        super().__init__("Choose STARTTLS or TLS: without, everybody on the way could read the mail and the password.")


class UserMissing(ValueError):
    """Nobody can sign in without a name."""

    def __init__(self) -> None:
        super().__init__("Enter the user name, often the address itself.")


@dataclasses.dataclass(frozen=True)
class ServerFields:
    """How to get into a server. `user` counts where one signs in; `password` is empty to keep the stored one."""

    host: str
    port: int
    security: str
    sign_in: str
    user: str
    password: str = ""


def fill(account: MailServer, fields: ServerFields) -> None:
    """Give an account, which is not saved, what was entered; the names of the fields are those of its columns.

    Raises NotProtected, UserMissing, PasswordMissing and SecretUnreadable.
    """
    if fields.security == SmtpSecurity.NONE and fields.host not in THIS_MACHINE:
        raise NotProtected
    if fields.sign_in != SmtpSignIn.NONE and not fields.user:
        raise UserMissing
    password = _password_for(account, fields) if fields.sign_in == SmtpSignIn.PASSWORD else ""
    for entered in dataclasses.fields(fields):
        if entered.name != "password":
            setattr(account, entered.name, getattr(fields, entered.name))
    account.user = "" if fields.sign_in == SmtpSignIn.NONE else fields.user
    account.sealed_password = seal(password)


def _password_for(account: MailServer, fields: ServerFields) -> str:
    """Return the password given, else the stored one where it is for the same server and user."""
    if fields.password:
        return fields.password
    if not account.sealed_password or (account.host, account.user) != (fields.host, fields.user):
        raise PasswordMissing
    return unseal(account.sealed_password)


def note_failure(account: MailServer, words: str, *, first_wait: timedelta, at: datetime) -> None:
    """Note what went wrong with a locked account, and wait twice as long each time before the next try."""
    account.last_error, account.last_error_at = words, at
    account.next_try_at = at + min(first_wait * 2 ** min(account.failures, 10), LONGEST_WAIT)
    account.failures += 1
    account.save(update_fields=list(WELL))
