"""Reading mailboxes of a real Dovecot: every mail becomes one entry, whatever happens in between."""

import dataclasses
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from deskhand.mail import fetching, imap
from deskhand.mail.actions.fetching import AccountChanged, Place, note_trouble, take
from deskhand.mail.actions.imap_accounts import ImapFields, set_imap
from deskhand.mail.fetching import Reading
from deskhand.mail.imap import Folder, ImapTrouble, Login, check
from deskhand.mail.models import AfterFetch, Existing, ImapAccount, ImapMail, InboundMail, Mailbox, Verdict
from tests.cast import NOON, act_by
from tests.mail import dovecot
from tests.mail.dovecot import Dovecot
from tests.mail.imap_looks import account_of, flags_of, look, mails, read, subjects
from tests.mail.post_office import mail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot.running_dovecot() as running:
        yield running


@pytest.fixture
def box(server: Dovecot) -> dovecot.Mailbox:
    return server.mailbox()


def test_takes_each_mail_once_and_marks_it_as_read(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    account = account_of(box, mailbox)
    box.put(*mails("one", "two"))
    assert read(account) == 2
    assert flags_of(box) == [(rb"\Seen",), (rb"\Seen",)]
    assert read(account) == 0
    box.put(*mails("three"))
    assert read(account) == 1
    assert subjects() == ["one", "three", "two"]
    row = InboundMail.objects.get(subject="one")
    assert (row.door, row.mailbox, row.verdict) == ("imap", mailbox, Verdict.PENDING)


def test_mail_that_names_no_address_of_ours_belongs_to_the_mailbox_it_lay_in(
    box: dovecot.Mailbox, mailbox: Mailbox
) -> None:
    box.put(mail(to="list@elsewhere.example", headers={"Return-Path": "<>"}))
    read(account_of(box, mailbox))
    row = InboundMail.objects.get()
    assert (row.mailbox, row.envelope_from) == (mailbox, "<>")


def test_keeps_the_bytes_as_they_lay_there(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    raw = b"Subject: \xff\x80 odd\r\n\r\nbytes \x81\xfe and a dot\r\n.\r\n"
    box.put(raw)
    read(account_of(box, mailbox))
    assert bytes(InboundMail.objects.get().raw) == raw


@pytest.mark.parametrize(
    ("existing", "wanted"),
    [(Existing.UNREAD, ["new", "unread"]), (Existing.ALL, ["new", "read", "unread"]), (Existing.NONE, ["new"])],
)
def test_takes_of_what_lay_there_before_what_the_setting_says(
    box: dovecot.Mailbox, mailbox: Mailbox, existing: str, wanted: list[str]
) -> None:
    account = account_of(box, mailbox, existing=existing)
    box.put(*mails("read"), flags=(rb"\Seen",))
    box.put(*mails("unread"))
    read(account)
    box.put(*mails("new"), flags=(rb"\Seen",))  # a person was faster
    read(account)
    assert subjects() == wanted
    assert [position.backlog for position in account.positions.all()] == [[]]


def test_moves_mail_to_a_folder_it_makes(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    account = account_of(box, mailbox, after_fetch=AfterFetch.MOVE, move_to="Erledigt & fertig ü")
    box.put(*mails("one", "two"))
    read(account)
    assert flags_of(box) == []
    assert len(flags_of(box, "Erledigt & fertig ü")) == 2


def test_deletes_only_what_it_took(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    account = account_of(box, mailbox, after_fetch=AfterFetch.DELETE)
    box.put(*mails("someone marked this"), flags=(rb"\Seen", rb"\Deleted"))
    box.put(*mails("one"))
    read(account)
    assert flags_of(box) == [(rb"\Deleted", rb"\Seen")]
    assert subjects() == ["one"]


@pytest.mark.parametrize("after", [AfterFetch.DELETE, AfterFetch.MOVE])
@pytest.mark.parametrize("is_killed", [False, True])
def test_a_mail_of_which_only_the_beginning_was_fetched_stays_there(
    box: dovecot.Mailbox, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, after: str, is_killed: bool
) -> None:
    monkeypatch.setattr(fetching, "LONGEST_FETCH_BYTES", 2000)
    monkeypatch.setattr(imap, "LONGEST_FETCH_BYTES", 2000)
    account = account_of(box, mailbox, after_fetch=after, move_to="Done")
    box.put(mail("x" * 2000, subject="large"), *mails("small"))
    if is_killed:
        take_only(account)
    reading = look(account)
    assert flags_of(box) == [(rb"\Seen",)]
    assert subjects() == ["large", "small"]
    said = (
        ""
        if is_killed
        else "Mail 1 is too large: only its beginning was fetched, and all of it was left on the server."
    )
    assert reading.trouble == said


def test_another_uidvalidity_doubles_and_loses_nothing(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    account = account_of(box, mailbox)
    box.put(*mails("long ago"), flags=(rb"\Seen",))
    box.put(*mails("one", "two"))
    read(account)
    assert subjects() == ["one", "two"]
    account.positions.update(began_at=datetime.now(NOON.tzinfo))
    box.put(*mails("came meanwhile"), flags=(rb"\Seen",))
    box.renumber()
    box.put(*mails("three"))
    read(account)
    read(account)
    # The server forgot when each mail came, so that even the one from long ago looks new; none is there twice.
    assert subjects() == ["came meanwhile", "long ago", "one", "three", "two"]
    assert InboundMail.objects.count() == 5
    assert ImapMail.objects.values("uid_validity").distinct().count() == 2


def numbered_alike(server: Dovecot) -> tuple[dovecot.Mailbox, dovecot.Mailbox]:
    """Return two mailboxes of the same UIDVALIDITY."""
    old, new = server.mailbox(), server.mailbox()
    for box in (old, new):
        box.set_uid_validity(1)
    return old, new


def move_to(box: dovecot.Mailbox, account: ImapAccount) -> None:
    fields = ImapFields(
        host=box.host,
        port=box.port,
        security="none",
        sign_in="password",
        user=box.user,
        password=box.password,
        folder="INBOX",
        existing=account.existing,
        after_fetch=account.after_fetch,
        move_to="",
    )
    set_imap(mailbox_id=account.mailbox_id, fields=fields, act=act_by(None))


class CutShort(Exception):
    """The worker was killed here."""


def take_only(account: ImapAccount) -> None:
    """Take the first mail, and be killed before the server hears of it."""

    class Killed(Folder):
        def settle(self, uid: int, after: str, move_to: str) -> None:
            raise CutShort

    with pytest.raises(CutShort):
        read(account, folder_type=Killed)


def test_another_account_of_the_same_numbers_loses_nothing(server: Dovecot, mailbox: Mailbox) -> None:
    old, new = numbered_alike(server)
    old.put(*mails("old one", "old two"))
    new.put(*mails("new one", "new two", "new three"))
    account = account_of(old, mailbox)
    assert read(account) == 2
    move_to(new, account)
    assert read(account) == 3
    assert subjects() == ["new one", "new three", "new two", "old one", "old two"]


def test_what_was_cut_off_is_not_done_to_another_account(server: Dovecot, mailbox: Mailbox) -> None:
    old, new = numbered_alike(server)
    old.put(*mails("old"))
    new.put(*mails("new"))
    account = account_of(old, mailbox, after_fetch=AfterFetch.DELETE)
    take_only(account)
    move_to(new, account)
    read(account)
    assert subjects() == ["new", "old"]


def test_nothing_is_taken_by_settings_that_hold_no_more(server: Dovecot, mailbox: Mailbox) -> None:
    old, new = numbered_alike(server)
    old.put(*mails("old one", "old two"))
    new.put(*mails("new one", "new two"))
    account = account_of(old, mailbox)

    class MovedAway(Folder):
        def fetch(self, uid: int) -> bytes | None:
            move_to(new, account)
            return super().fetch(uid)

    with pytest.raises(AccountChanged):
        read(account, folder_type=MovedAway)
    assert read(account) == 2
    assert subjects() == ["new one", "new two"]


def test_nothing_is_deleted_by_settings_that_hold_no_more(server: Dovecot, mailbox: Mailbox) -> None:
    old, new = numbered_alike(server)
    old.put(*mails("old"))
    account = account_of(old, mailbox, after_fetch=AfterFetch.DELETE)
    take_only(account)

    def moves_away() -> bool:
        move_to(new, account)
        return False

    with pytest.raises(AccountChanged):
        look(account, is_stopping=moves_away)
    assert flags_of(old) == [()]


def test_a_mail_that_people_move_away_and_back_is_one_entry(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    account = account_of(box, mailbox)
    box.put(*mails("one"))
    read(account)
    with box.as_person() as client:
        client.create_folder("Aside")
        client.move(client.search(), "Aside")
        client.select_folder("Aside")
        client.move(client.search(), "INBOX")
    assert read(account) == 1
    assert InboundMail.objects.count() == 1


def test_a_mail_that_vanishes_between_looking_and_fetching_is_no_trouble(
    box: dovecot.Mailbox, mailbox: Mailbox
) -> None:
    account = account_of(box, mailbox, existing=Existing.ALL)
    box.put(*mails("gone", "stays"))

    class Robbed(Folder):
        def fetch(self, uid: int) -> bytes | None:
            with box.as_person() as client:
                client.delete_messages([uid] if uid == 1 else [])
                client.expunge()
            self.touch()
            return super().fetch(uid)

    assert read(account, folder_type=Robbed) == 1
    assert subjects() == ["stays"]


@pytest.mark.parametrize("where", ["fetch", "settle"])
def test_goes_on_after_being_killed_anywhere(box: dovecot.Mailbox, mailbox: Mailbox, where: str) -> None:
    account = account_of(box, mailbox)
    box.put(*mails("one", "two", "three"))

    class Killed(Folder):
        def fetch(self, uid: int) -> bytes | None:
            if where == "fetch" and uid == 2:
                raise CutShort
            return super().fetch(uid)

        def settle(self, uid: int, after: str, move_to: str) -> None:
            if where == "settle" and uid == 2:
                raise CutShort
            super().settle(uid, after, move_to)

    with pytest.raises(CutShort):
        read(account, folder_type=Killed)
    with box.as_person() as client:
        client.add_flags([2, 3], [rb"\Seen"])  # and someone read the rest meanwhile
    read(account)
    assert subjects() == ["one", "three", "two"]
    assert InboundMail.objects.count() == 3
    assert not ImapMail.objects.filter(settled_at=None).exists()
    assert flags_of(box) == [(rb"\Seen",)] * 3


def test_a_cut_connection_is_told_and_the_rest_comes_next_time(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    account = account_of(box, mailbox)
    box.put(*mails("one", "two", "three"))

    class Cut(Folder):
        def settle(self, uid: int, after: str, move_to: str) -> None:
            if uid == 1:
                box.drop_connections()
            super().settle(uid, after, move_to)

    with pytest.raises(ImapTrouble, match=r"broke off the connection|could not be reached"):
        read(account, folder_type=Cut)
    read(account)
    assert subjects() == ["one", "three", "two"]
    assert InboundMail.objects.count() == 3
    assert flags_of(box) == [(rb"\Seen",)] * 3


@pytest.mark.parametrize("security", ["none", "tls"])
def test_a_server_that_takes_the_connection_and_says_nothing_is_told_of(
    monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.setattr("deskhand.mail.imap.CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(ImapTrouble, match=rf"^127\.0\.0\.1:{port} did not answer within 0\.2 seconds\.$"):
            check(Login("127.0.0.1", port, security, "ann", "secret", "INBOX"))


def test_one_mail_that_cannot_be_fetched_keeps_no_other_waiting(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    account = account_of(box, mailbox)
    box.put(*mails("bad", "good"))

    class Stumbling(Folder):
        def fetch(self, uid: int) -> bytes | None:
            if uid == 1:
                raise ImapTrouble("BAD this one is broken")
            return super().fetch(uid)

    reading = look(account, folder_type=Stumbling)
    assert (reading.taken, reading.trouble) == (1, "Mail 1 could not be fetched: BAD this one is broken")
    assert subjects() == ["good"]
    read(account)
    assert subjects() == ["bad", "good"]


class Silent(Folder):
    """Does not hand over its first mail."""

    def fetch(self, uid: int) -> bytes | None:
        return None if uid == 1 else super().fetch(uid)


class Refusing(Folder):
    """Says that it cannot hand over its first mail."""

    def fetch(self, uid: int) -> bytes | None:
        if uid == 1:
            raise ImapTrouble("NO [SERVERBUG] Internal error")
        return super().fetch(uid)


@pytest.mark.parametrize("folder_type", [Silent, Refusing])
def test_what_could_not_be_fetched_comes_later_however_much_came_meanwhile(
    box: dovecot.Mailbox, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, folder_type: type[Folder]
) -> None:
    monkeypatch.setattr(fetching, "LOOK_BACK", 2)
    account = account_of(box, mailbox)
    read(account)
    box.put(*mails("bad", "one", "two", "three", "four"))
    for _ in range(3):
        assert look(account, folder_type=folder_type).trouble.startswith("Mail 1 could not be fetched: ")
    assert read(account) == 1
    assert look(account) == Reading(0)
    assert subjects() == ["bad", "four", "one", "three", "two"]
    assert account.positions.get().backlog == []


def test_what_could_not_be_fetched_is_kept_though_the_connection_is_cut_next(
    box: dovecot.Mailbox, mailbox: Mailbox
) -> None:
    account = account_of(box, mailbox)
    read(account)
    box.put(*mails("bad"))

    class CutNext(Refusing):
        def touch(self) -> None:
            raise ImapTrouble("cut")

    with pytest.raises(ImapTrouble, match="cut"):
        read(account, folder_type=CutNext)
    assert account.positions.get().backlog == [1]


def test_what_could_not_be_fetched_and_is_gone_is_waited_for_no_more(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    account = account_of(box, mailbox)
    read(account)
    box.put(*mails("bad", "good"))
    look(account, folder_type=Refusing)
    assert account.positions.get().backlog == [1]
    with box.as_person() as client:
        client.delete_messages([1])
        client.expunge()
    assert look(account, folder_type=Refusing).trouble != ""
    assert look(account, folder_type=Refusing) == Reading(0)
    assert account.positions.get().backlog == []


def test_after_seven_days_away_everything_comes(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    account = account_of(box, mailbox)
    read(account)
    names = [f"day {day}" for day in range(1, 8)]
    for name in names:
        box.put(*mails(name), flags=(rb"\Seen",))
    assert read(account) == 7
    assert subjects() == names


def test_two_readers_at_once_take_each_mail_once(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    account = account_of(box, mailbox)
    box.put(*mails("one", "two"))

    class Overtaken(Folder):
        def fetch(self, uid: int) -> bytes | None:
            raw = super().fetch(uid)
            if uid == 1:
                read(account)
            return raw

    read(account, folder_type=Overtaken)
    assert InboundMail.objects.count() == 2


def test_the_test_says_what_the_server_says(box: dovecot.Mailbox) -> None:
    box.put(*mails("one"))
    assert check(box.login()) == "Signed in. INBOX holds 1 mail. New mail is fetched at once."
    with pytest.raises(ImapTrouble, match=r"\[AUTHENTICATIONFAILED\] Authentication failed\."):
        check(box.login(password="wrong"))
    with pytest.raises(ImapTrouble, match="Mailbox doesn't exist: Nowhere"):
        check(box.login(folder="Nowhere"))
    with pytest.raises(ImapTrouble, match="nothing answers at this port"):
        check(dataclasses.replace(box.login(), port=1))
    with pytest.raises(ImapTrouble, match="does not support STARTTLS"):
        check(dataclasses.replace(box.login(), security="starttls"))


def test_waits_longer_after_each_failure(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    account = account_of(box, mailbox)
    waits = []
    for _ in range(12):
        note_trouble(account.pk, "NO not now", at=NOON)
        account.refresh_from_db()
        assert account.next_try_at is not None
        waits.append(account.next_try_at - NOON)
    assert waits[:3] == [timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60)]
    assert waits[-1] == timedelta(minutes=30)
    assert (account.last_error, account.failures) == ("NO not now", 12)


def test_storing_is_what_take_promises(box: dovecot.Mailbox, mailbox: Mailbox) -> None:
    account = account_of(box, mailbox)
    for _ in range(3):
        take(mail(subject="same", message_id="<1@x>"), place=Place(account, "INBOX", 1, 5), at=NOON)
    assert InboundMail.objects.count() == 1
