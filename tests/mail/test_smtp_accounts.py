"""Setting up a server by which a mailbox sends, trying it out, and its end."""

import pytest
from django.db import IntegrityError, transaction

from deskhand.core.secrets import unseal
from deskhand.events.models import Event
from deskhand.mail.actions.servers import NotProtected, PasswordMissing, UserMissing
from deskhand.mail.actions.smtp_accounts import (
    remove_smtp,
)
from deskhand.mail.models import (
    Mailbox,
    ReturnPath,
    SmtpAccount,
    SmtpSignIn,
)
from deskhand.mail.smtp import Result, Server
from deskhand.mail.ways_out import check
from tests.cast import NOON, Cast, act_by
from tests.mail.own_servers import PASSWORD, give, guarded
from tests.mail.smtp_servers import guarded_server


def test_checking_signs_in_as_a_mail_would_and_keeps_nothing(mailbox: Mailbox, cast: Cast) -> None:
    own = guarded()
    with guarded_server(own) as server:
        account = give(mailbox, cast, server)
        assert check(account, now=NOON).words == "235 2.7.0 Authentication successful"
        account.return_path = ReturnPath.DESK
        answer = check(account, now=NOON)
        assert (answer.result, answer.words[:10]) == (Result.DEFERRED, "550 5.7.60")
    account.refresh_from_db()
    assert (own.mails, account.last_error, account.last_sent_at) == ([], "", None)


def test_the_password_is_stored_only_encrypted_and_goes_to_no_other_server(mailbox: Mailbox, cast: Cast) -> None:
    server = Server("127.0.0.1", 2525)
    with pytest.raises(PasswordMissing):
        give(mailbox, cast, server, password="")
    account = give(mailbox, cast, server)
    assert unseal(account.sealed_password) == PASSWORD
    stored = str(SmtpAccount.objects.values().get()) + str([event.data for event in Event.objects.all()])
    assert PASSWORD not in stored
    assert unseal(give(mailbox, cast, server, password="", port=2526).sealed_password) == PASSWORD
    for change in ({"host": "localhost"}, {"user": "sales@desk.example"}):
        with pytest.raises(PasswordMissing):
            give(mailbox, cast, server, password="", **change)
    assert give(mailbox, cast, server, sign_in=SmtpSignIn.OAUTH2, password="").sealed_password == ""
    with pytest.raises(PasswordMissing):
        give(mailbox, cast, server, password="")


@pytest.mark.parametrize("host", ["mail.example.com", "10.0.0.1", "127.0.0.1.example.com"])
def test_only_this_machine_is_spoken_to_in_the_clear(mailbox: Mailbox, cast: Cast, host: str) -> None:
    with pytest.raises(NotProtected):
        give(mailbox, cast, Server(host, 25))
    assert give(mailbox, cast, Server(host, 25), security="starttls").host == host
    with pytest.raises(IntegrityError), transaction.atomic():
        SmtpAccount.objects.update(security="none")


def test_who_signs_in_needs_a_name(mailbox: Mailbox, cast: Cast) -> None:
    with pytest.raises(UserMissing):
        give(mailbox, cast, Server("localhost", 25), user="")


def test_the_end_forgets_the_password_and_is_recorded(mailbox: Mailbox, cast: Cast) -> None:
    give(mailbox, cast, Server("localhost", 25))
    for _ in range(2):
        remove_smtp(mailbox_id=mailbox.pk, act=act_by(cast.ada.user))
    assert not SmtpAccount.objects.exists()
    kinds = list(Event.objects.filter(kind__startswith="mailbox.smtp").values_list("kind", flat=True))
    assert kinds == ["mailbox.smtp_changed", "mailbox.smtp_removed"]
