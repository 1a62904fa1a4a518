"""Fills a desk of its own with many old tickets: a few are told through the real actions, the others are copies."""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bin._bench_mail_in import work_off
from bin._desk import opened

AGENTS, CLIENTS, CONTACTS = 20, 300, 2000
# Durability matters once everything is there; until then a fresh desk is as quickly made again.
LOADING = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_wal_size=4GB", "autovacuum=off")


def main() -> None:
    """Seed the desk in `--home`."""
    asked = argparse.ArgumentParser(prog="bin/bench seed")
    asked.add_argument("--home", type=Path, required=True, help="the desk's data folder; it is kept")
    asked.add_argument("--tickets", type=int, default=10_000, metavar="N")
    wanted = asked.parse_args()
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {line}", flush=True)

    with opened(wanted.home, options=LOADING):
        from deskhand.accounts.models import User

        if User.objects.exists():
            sys.exit(f"There is a desk in {wanted.home} already: name another folder.")
        now = datetime.now(UTC)
        counts = seed(wanted.tickets, now=now, say=say, work_off=work_off)
        say("Locking the months that are over …")
        lock_months(now)
        say("Vacuuming …")
        vacuum()
    for table, count in counts.most_common():
        print(f"{count:12,} {table}")
    print(f"{wanted.tickets:,} tickets in {time.monotonic() - began:.0f} s.")


def seed(
    count: int,
    *,
    now: datetime,
    say: Callable[[str], None],
    work_off: Callable[[], object],
    agents: int = AGENTS,
    clients: int = CLIENTS,
    contacts: int = CONTACTS,
) -> Counter[str]:
    """Make people, tell stories, and copy them until there are `count` tickets; return the rows copied, by table.

    `work_off` does the jobs that follow from the stories, before these are copied.
    """
    from bin._seed_copying import Copier
    from bin._seed_patterns import pattern_of
    from bin._seed_people import make_people
    from bin._seed_prose import SENTENCES, SUBJECTS, Prose
    from bin._seed_stories import PLOTS, Teller

    chance = random.Random(1042)  # noqa: S311 -- the same desk every time
    people = make_people(agents=agents, clients=clients, contacts=contacts, now=now, chance=chance)
    say(f"{agents} agents, {clients} clients, {contacts} contacts")
    prose = Prose(chance, sentences=min(SENTENCES, 20 * count), subjects=min(SUBJECTS, count))
    teller = Teller(people, prose, now=now - timedelta(hours=1), chance=chance)
    stories = [teller.tell(plot) for plot in PLOTS]
    work_off()
    _settle_notices(now)
    copier = Copier([pattern_of(told, people) for told in stories], people, prose, now=now, chance=chance)
    return copier.write(max(0, count - len(stories)), say=say)


def _settle_notices(now: datetime) -> None:
    """Let nobody be mailed of what happened in the copies, and no notice be unread of a ticket that is closed."""
    from deskhand.notifications.models import Notification
    from deskhand.tickets.models import Kind

    Notification.objects.to_mail().update(mail_settled_at=now)
    Notification.objects.filter(ticket__kind=Kind.CLOSED).update(read_at=now)


def lock_months(now: datetime) -> None:
    """Lock the months that are over, as the desk would do in its first hour."""
    from deskhand.allowances.tasks import turn_months

    turn_months(int(now.timestamp()))


def vacuum() -> None:
    """Leave the tables as a desk that has been running for long has them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


if __name__ == "__main__":
    main()
