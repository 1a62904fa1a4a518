"""Security row 32: a Dovecot renumbers, people read and move mail, connections are cut: each mail once."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from deskhand.core.secrets import seal
from deskhand.mail.fetching import login_of, read_folder
from deskhand.mail.imap import Folder, ImapTrouble, opened
from deskhand.mail.models import ImapAccount, InboundMail, Mailbox
from tests.cast import NOON
from tests.mail import dovecot
from tests.mail.post_office import mail
from tests.safety.conftest import Report, sized

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = 12
SEQUENCES = sized(2, 300)


@pytest.fixture(scope="module")
def server() -> Iterator[dovecot.Dovecot]:
    with dovecot.running_dovecot() as running:
        yield running


class Life:
    """What happens to one mailbox."""

    def __init__(self, box: dovecot.Mailbox, account: ImapAccount, choose: random.Random) -> None:
        self.box, self.account, self.choose = box, account, choose
        self.names: list[str] = []

    def new_mail(self) -> None:
        self.names.append(f"Mail {len(self.names)}")
        self.box.put(mail(subject=self.names[-1]))

    def new_mail_read_by_someone(self) -> None:
        self.names.append(f"Mail {len(self.names)}")
        self.box.put(mail(subject=self.names[-1]), flags=(rb"\Seen",))

    def look(self, folder_type: type[Folder] = Folder) -> None:
        account = ImapAccount.objects.select_related("mailbox").get(pk=self.account.pk)
        with opened(login_of(account, now=NOON)) as folder:
            folder.__class__ = folder_type
            read_folder(account, folder, clock=lambda: datetime.now(UTC), is_stopping=lambda: False)

    def cut(self) -> None:
        box = self.box

        class Cut(Folder):
            def settle(self, uid: int, after: str, move_to: str) -> None:
                box.drop_connections()
                super().settle(uid, after, move_to)

        try:
            self.look(Cut)
        except ImapTrouble:
            return

    def renumbered(self) -> None:
        self.box.renumber()

    def moved_away_and_back(self) -> None:
        with self.box.as_person() as client:
            if not client.folder_exists("Aside"):
                client.create_folder("Aside")
            if uids := client.search():
                client.move([self.choose.choice(uids)], "Aside")
            client.select_folder("Aside")
            if uids := client.search():
                client.move(uids, "INBOX")

    def step(self) -> None:
        self.choose.choice(
            [
                self.new_mail,
                self.new_mail_read_by_someone,
                self.look,
                self.cut,
                self.renumbered,
                self.moved_away_and_back,
            ]
        )()


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_whatever_happens_each_mail_comes_once(
    server: dovecot.Dovecot, mailbox: Mailbox, report: Report, seed: int
) -> None:
    box = server.mailbox()
    account = ImapAccount.objects.create(
        mailbox=mailbox, host=box.host, port=box.port, security="none", user=box.user,
        sealed_password=seal(box.password), changed_at=NOON,
    )  # fmt: skip
    life = Life(box, account, random.Random(seed))
    life.look()
    life.new_mail()
    for _ in range(STEPS):
        life.step()
    life.look()
    life.look()
    firsts = InboundMail.objects.filter(duplicate_of=None)
    assert sorted(firsts.values_list("subject", flat=True)) == sorted(life.names)
    report("a mailbox that people and servers stir", STEPS, f"{len(life.names)} mails, each once")
