"""Security row 4: workers are killed while replies go out; none is lost, and a repeat has the same Message-ID."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

from deskhand.mail.actions.sending import LEASE, MOST_LOST_LEASES, deliver, due_deliveries
from deskhand.mail.models import Delivery, DeliveryState, OutboundMail
from deskhand.mail.parsing import parse
from tests.cast import NOON, Cast
from tests.safety.conftest import Report, sized
from tests.safety.killing import FAILED, KILLED, run

pytestmark = pytest.mark.django_db(transaction=True)
REPLIES = sized(8, 5_000)


class Taking:
    """Takes every mail into a file of its own before it says 250."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        number = len(list(self.folder.iterdir()))
        (self.folder / f"{number}.eml").write_bytes(bytes(envelope.original_content or b""))
        return "250 taken"


@pytest.fixture
def taken(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """Run an SMTP server in a process of its own; yields its port and the folder of the mails it took."""
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        asyncio.run(_serve(tell, tmp_path))
        os._exit(0)
    os.close(tell)
    with os.fdopen(told) as port:
        yield int(port.readline()), tmp_path
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


async def _serve(tell: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Taking(folder), loop=loop), "127.0.0.1", 0)
    os.write(tell, f"{server.sockets[0].getsockname()[1]}\n".encode())
    await server.serve_forever()


def work_off(now: datetime) -> None:
    for delivery_id in due_deliveries(now=now):
        deliver(delivery_id, clock=lambda: now)


def test_no_reply_is_lost_and_a_repeat_is_the_same_mail(
    taken: tuple[int, Path], committed_cast: Cast, report: Report
) -> None:
    port, folder = taken
    ticket = committed_cast.ticket()
    now, choose, kills, in_a_row = NOON + timedelta(hours=1), random.Random(5), 0, 0
    with override_settings(MAIL_DELIVERY="smtp", SMTP_HOST="127.0.0.1", SMTP_PORT=port, SMTP_SECURITY="none"):
        for number in range(REPLIES):
            committed_cast.staff_reply(ticket, f"Reply {number}.", at=now)
            # One more in a row, and the mail would be left to a person.
            is_spared = in_a_row == MOST_LOST_LEASES - 1
            code = run(partial(work_off, now), killed_before=None if is_spared else choose.randint(1, 10))
            assert code != FAILED
            kills += code == KILLED
            in_a_row = in_a_row + 1 if code == KILLED else 0
            now += LEASE + timedelta(minutes=1)
        assert run(partial(work_off, now)) == 0
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}
    ids = [parse(path.read_bytes()).message_id for path in folder.iterdir()]
    assert set(ids) == set(OutboundMail.objects.values_list("message_id", flat=True))
    repeats = len(ids) - REPLIES
    assert repeats <= kills
    report("kill -9 while replies go out", kills, f"{REPLIES} replies, none lost, {repeats} repeated with their ids")
