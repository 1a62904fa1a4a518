"""How many mails one worker takes in a second, from the raw bytes to the ticket, against a bare floor of the same run.

The floor reads each mail with the product's parser and writes the raw bytes, a ticket and a message through psycopg,
in one transaction a mail: what nobody can do without.
"""

import argparse
import cProfile
import pstats
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from bin._desk import opened

SUPPORT = "support@bench.example"
CLIENTS = 20
OPEN_TICKETS = 60
LOOK_SECONDS = 0.05
WORDS = [
    "order",
    "server",
    "page",
    "report",
    "error",
    "invoice",
    "list",
    "user",
    "delay",
    "screen",
    "export",
    "button",
    "account",
    "login",
    "value",
    "backup",
]


@dataclass
class Counter:
    """Counts SQL statements, by their beginning."""

    statements: list[str] = field(default_factory=list)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 -- Django's
        self.statements.append(" ".join(sql.split())[:110])
        return execute(sql, params, many, context)


def text(choose: random.Random, length: int) -> str:
    """Return lines of words."""
    lines, size = [], 0
    while size < length:
        lines.append(" ".join(choose.choices(WORDS, k=11)))
        size += len(lines[-1]) + 1
    return "\n".join(lines)


def make_mail(choose: random.Random, number: int, numbers: list[int]) -> bytes:
    """Return a mail of about 10 kB: six in ten open a ticket, one of these is a stranger's; the rest answer one."""
    from deskhand.mail.addresses import reply_address

    mail = EmailMessage()
    kind = number % 10
    client = choose.randrange(CLIENTS)
    sender = f"new{number}@client{client}.example" if kind == 0 else f"person{client}@client{client}.example"
    mail["From"] = f"Person {client} <{sender}>"
    ticket = numbers[(client * (OPEN_TICKETS // CLIENTS) + choose.randrange(OPEN_TICKETS // CLIENTS)) % len(numbers)]
    mail["To"] = reply_address(ticket) if kind > 5 else SUPPORT
    mail["Subject"] = f"{choose.choice(WORDS)} {number}"
    mail["Date"] = "Wed, 18 Nov 2026 12:00:00 +0000"
    mail["Message-ID"] = f"<{number}.{choose.random()}@client{client}.example>"
    body = text(choose, 4300)
    mail.set_content(body)
    mail.add_alternative("".join(f"<p>{line}</p>\n" for line in body.splitlines()), subtype="html")
    return mail.as_bytes()


def prepare() -> list[int]:
    """Make open tickets, and clients and people unless they are there; return the tickets' numbers."""
    from deskhand.clients.actions.people import create_client, create_contact
    from deskhand.clients.models import Contact
    from deskhand.events import Act, Via
    from deskhand.mail.models import Mailbox
    from deskhand.tickets.actions.conversation import NewMessage
    from deskhand.tickets.actions.opening import NewTicket, open_ticket
    from deskhand.tickets.bodies import from_text
    from deskhand.tickets.models import Source

    now = datetime.now(UTC)
    act = Act(actor=None, at=now, via=Via.SYSTEM)
    Mailbox.objects.get_or_create(address=SUPPORT, defaults={"name": "Support", "created_at": now})
    numbers = []
    for index in range(CLIENTS):
        address = f"person{index}@client{index}.example"
        person = Contact.objects.with_people().with_address(address).first()
        if person is None:
            create_client(name=f"Client {index}", domains=[f"client{index}.example"], act=act)
            person = create_contact(email=address, name=f"Person {index}", act=act)
        own = Act(actor=person.user, at=now, via=Via.PORTAL)
        for n in range(OPEN_TICKETS // CLIENTS):
            new = NewTicket(subject=f"Ticket {n}", requester=person, author=person.user, source=Source.PORTAL)
            numbers.append(open_ticket(ticket=new, first=NewMessage(from_text("Hello.")), act=own).number)
    return numbers


def receive_all(mails: list[bytes]) -> float:
    """Store the mails as the LMTP door does; return the seconds."""
    from deskhand.mail.actions.receiving import receive
    from deskhand.mail.models import Door

    began = time.perf_counter()
    for raw in mails:
        receive(raw, door=Door.LMTP, at=datetime.now(UTC), envelope_from="x@client.example", envelope_to=[SUPPORT])
    return time.perf_counter() - began


def at_once(mails: list[bytes], *, warming: list[bytes], workers: int) -> tuple[float, float]:
    """Store the mails while so many workers run that have read others before.

    Returns the seconds until the last had its verdict, and until what follows was done too.
    """
    with running(workers=workers):
        receive_all(warming)
        wait_for_verdicts()
        wait_for_jobs()
        began = time.perf_counter()
        receive_all(mails)
        wait_for_verdicts()
        read = time.perf_counter()
        wait_for_jobs()
        return read - began, time.perf_counter() - began


def work_off() -> None:
    """Let a worker do every job that waits."""
    with running(workers=1):
        wait_for_jobs()


def wait_for_verdicts() -> None:
    """Return once every mail has its verdict."""
    from deskhand.mail.models import InboundMail

    wait_while(InboundMail.objects.pending().exists)


def wait_for_jobs() -> None:
    """Return once no job is left to do now."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    wait_while(ProcrastinateJob.objects.filter(status__in=["todo", "doing"], scheduled_at=None).exists)


@contextmanager
def running(*, workers: int) -> Iterator[None]:
    """Run `deskhand worker` so many times; the block begins when all of them work."""
    from deskhand.project.cli.desk import own_command
    from deskhand.project.working import IN_FIRST, IN_OTHERS, count_processes

    queues = len(IN_FIRST) + (count_processes() - 1) * len(IN_OTHERS)
    with ExitStack() as stack:
        for _ in range(workers):
            process = subprocess.Popen(own_command("worker"))  # noqa: S603 -- our own
            stack.callback(process.wait)
            stack.callback(process.terminate)
        wait_while(lambda: _count_registered() < workers * queues)
        yield


def wait_while(is_so: Callable[[], bool]) -> None:
    """Return once this is no longer so."""
    while is_so():
        time.sleep(LOOK_SECONDS)


def _count_registered() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return int(cursor.fetchone()[0])


def floor(mails: list[bytes]) -> float:
    """Parse each mail and insert its bytes, a ticket and a message, one transaction a mail; return the seconds."""
    from django.db import connection

    from deskhand.mail.parsing import parse

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_raw, bench_ticket, bench_message")
        cursor.execute("CREATE TABLE bench_raw (id bigserial PRIMARY KEY, raw bytea)")
        cursor.execute("CREATE TABLE bench_ticket (id bigserial PRIMARY KEY, subject text)")
        cursor.execute("CREATE TABLE bench_message (id bigserial PRIMARY KEY, ticket bigint, body text, html text)")
    connection.ensure_connection()
    bare: Any = connection.connection
    began = time.perf_counter()
    for raw in mails:
        mail = parse(raw)
        with bare.transaction(), bare.cursor() as cursor:
            cursor.execute("INSERT INTO bench_raw (raw) VALUES (%s)", [raw])
            cursor.execute("INSERT INTO bench_ticket (subject) VALUES (%s) RETURNING id", [mail.subject])
            ticket = cursor.fetchone()[0]
            cursor.execute(
                "INSERT INTO bench_message (ticket, body, html) VALUES (%s, %s, %s)", [ticket, mail.text, mail.html]
            )
    taken = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_raw, bench_ticket, bench_message")
    return taken


def count_statements(mails: list[bytes], *, profile: str, is_shown: bool) -> None:
    """Read mails in this process, and print how many SQL statements each takes, from the raw bytes to the verdict."""
    from django.db import connection

    from deskhand.mail.actions.lane_work import process_waiting
    from deskhand.mail.lanes import LANES

    counter = Counter()
    with connection.execute_wrapper(counter):
        receive_all(mails)
        taken = len(counter.statements)
        with profiled(profile):
            for lane in range(LANES):
                process_waiting(lane, now=datetime.now(UTC))
    statements = counter.statements
    print(f"SQL statements a mail: {taken / len(mails):.1f} to store it, {len(statements) / len(mails):.1f} in all")
    if is_shown:
        print("\n".join(statements))


@contextmanager
def profiled(where: str) -> Iterator[None]:
    """Print the functions that took most of the time."""
    if not where:
        yield
        return
    profile = cProfile.Profile()
    profile.enable()
    yield
    profile.disable()
    profile.dump_stats(where)
    pstats.Stats(profile).sort_stats("tottime").print_stats(40)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("mails", nargs="?", type=int, default=1000)
    asked.add_argument(
        "--profile", metavar="FILE", default="", help="write a profile of judging the first mails to this file"
    )
    asked.add_argument("--statements", action="store_true", help="print the SQL statements of the first mails")
    asked.add_argument(
        "--workers", type=int, default=1, metavar="N", help="how many workers read (one is what is asked of us)"
    )
    asked.add_argument("--home", type=Path, help="a seeded folder; without it, an empty desk that is thrown away")
    wanted = asked.parse_args()
    with opened(wanted.home):
        measure(wanted.mails, profile=wanted.profile, is_shown=wanted.statements, workers=wanted.workers)


def measure(count: int, *, profile: str, is_shown: bool, workers: int) -> None:
    """Take `count` mails in, and print how fast. Repeated on a kept desk, the mails are others each time."""
    from deskhand.tickets.models import Ticket

    print(f"beside {Ticket.objects.count():,} tickets")
    numbers = prepare()
    first = max(numbers) * 10  # so that strangers are strangers again
    choose = random.Random(first)  # noqa: S311 -- the same mails for the same desk
    mails = [make_mail(choose, first + number, numbers) for number in range(2 * count + 300)]
    count_statements(mails[:200], profile=profile, is_shown=is_shown)
    print(f"{count} mails of {sum(map(len, mails)) / len(mails) / 1000:.1f} kB, {workers} worker(s)")
    warming, mine, others = mails[200:300], mails[300 : 300 + count], mails[300 + count :]
    bare = floor(mine)
    read, everything = at_once(mine, warming=warming, workers=workers)
    storing = receive_all(others)
    print(f"floor            {count / bare:8.1f} a second (parse and three inserts)")
    print(f"storing alone    {count / storing:8.1f} a second")
    print(f"taken in         {count / read:8.1f} a second, stored and read at once, to the last verdict")
    print(f"all told         {count / everything:8.1f} a second, what follows done too")
    print(f"ratio            {read / bare:8.2f} times the floor")


if __name__ == "__main__":
    main()
