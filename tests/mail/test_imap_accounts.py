"""Setting up the server a mailbox is read from."""

import dataclasses
from typing import Any

import pytest

from deskhand.core.secrets import unseal
from deskhand.events.models import Event
from deskhand.mail.actions.imap_accounts import ImapFields, remove_imap, set_imap
from deskhand.mail.actions.servers import NotProtected, PasswordMissing, UserMissing
from deskhand.mail.models import ImapAccount, Mailbox
from tests.cast import Cast, act_by

IMAP = ImapFields(
    host="imap.example.com",
    port=993,
    security="tls",
    sign_in="password",
    user="support",
    password="correct-horse",
    folder="INBOX",
    existing="unread",
    after_fetch="mark_seen",
    move_to="",
)


def test_the_password_is_stored_only_encrypted(mailbox: Mailbox, cast: Cast) -> None:
    account = set_imap(mailbox_id=mailbox.pk, fields=IMAP, act=act_by(cast.ada.user))
    account.refresh_from_db()
    assert "correct-horse" not in account.sealed_password
    assert unseal(account.sealed_password) == "correct-horse"
    assert "correct-horse" not in str([event.data for event in Event.objects.all()])


def test_an_empty_password_keeps_the_one_there_is(mailbox: Mailbox, cast: Cast) -> None:
    act = act_by(cast.ada.user)
    without = dataclasses.replace(IMAP, password="")
    with pytest.raises(PasswordMissing):
        set_imap(mailbox_id=mailbox.pk, fields=without, act=act)
    set_imap(mailbox_id=mailbox.pk, fields=IMAP, act=act)
    account = set_imap(mailbox_id=mailbox.pk, fields=without, act=act)
    assert unseal(account.sealed_password) == "correct-horse"


@pytest.mark.parametrize(
    ("change", "epoch"),
    [({"port": 143}, 0), ({"host": "other.example.com"}, 1), ({"user": "sales"}, 1), ({"folder": "Sales"}, 1)],
)
def test_another_server_user_or_folder_begins_anew_and_the_same_one_does_not(
    mailbox: Mailbox, cast: Cast, change: dict[str, Any], epoch: int
) -> None:
    act = act_by(cast.ada.user)
    set_imap(mailbox_id=mailbox.pk, fields=IMAP, act=act)
    set_imap(mailbox_id=mailbox.pk, fields=dataclasses.replace(IMAP, **change), act=act)
    assert ImapAccount.objects.get().epoch == epoch


def test_removing_forgets_the_password(mailbox: Mailbox, cast: Cast) -> None:
    set_imap(mailbox_id=mailbox.pk, fields=IMAP, act=act_by(cast.ada.user))
    remove_imap(mailbox_id=mailbox.pk, act=act_by(cast.ada.user))
    assert not ImapAccount.objects.exists()


@pytest.mark.parametrize("host", ["mail.example.com", "10.0.0.1", "127.0.0.1.example.com"])
def test_only_this_machine_is_spoken_to_in_the_clear(mailbox: Mailbox, cast: Cast, host: str) -> None:
    plain = dataclasses.replace(IMAP, security="none", host=host)
    with pytest.raises(NotProtected):
        set_imap(mailbox_id=mailbox.pk, fields=plain, act=act_by(cast.ada.user))
    here = dataclasses.replace(plain, host="localhost")
    assert set_imap(mailbox_id=mailbox.pk, fields=here, act=act_by(cast.ada.user)).host == "localhost"


def test_who_signs_in_needs_a_name(mailbox: Mailbox, cast: Cast) -> None:
    nameless = dataclasses.replace(IMAP, user="")
    with pytest.raises(UserMissing):
        set_imap(mailbox_id=mailbox.pk, fields=nameless, act=act_by(cast.ada.user))
