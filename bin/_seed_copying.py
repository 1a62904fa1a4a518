"""Writes copies of told tickets with COPY, indexes and foreign keys lifted meanwhile, all in one transaction."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import accumulate

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.sql import SQL, Identifier

from bin._seed_gaps import Copy
from bin._seed_lifting import lifted
from bin._seed_patterns import Pattern
from bin._seed_people import People
from bin._seed_prose import Prose
from bin._seed_stories import PLOTS
from deskhand.tickets.models import Ticket

Say = Callable[[str], None]

LATEST_SHARE = 0.1
OPEN_AMONG_LATEST = 0.3
"""Open tickets are three in ten of the latest tenth: 3 % of all."""
OLDEST_DAYS = 5 * 365
TIME_DAYS = 350
"""Work was logged only as long as the plans run."""
FEW_OPEN = 10
"""So many open tickets the first client has, however many there are: pages of that client can be compared."""
BLOCK = 1000
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NOTE_LATE_CLOCKS = """
UPDATE sla_clock SET warned_at = coalesce(warned_at, warn_at), breached_at = coalesce(breached_at, due_at)
WHERE stopped_at IS NULL AND paused_at IS NULL AND due_at < %s
"""


class Copier:
    """Makes the copies, the oldest first, so that numbers and ids rise with time as in a real desk."""

    def __init__(
        self, patterns: Sequence[Pattern], people: People, prose: Prose, *, now: datetime, chance: random.Random
    ) -> None:
        self.patterns = {pattern.told.plot: pattern for pattern in patterns}
        self.prose = prose
        self.now = now
        self.chance = chance
        self.plots = {
            is_closed: [pattern.told.plot for pattern in patterns if pattern.told.is_closed == is_closed]
            for is_closed in (True, False)
        }
        self.weights = {key: list(accumulate(PLOTS[plot][1] for plot in plots)) for key, plots in self.plots.items()}
        self.few_open = FEW_OPEN - len(self.plots[False])
        first = people.askers[0].plan
        self.askers = [asker.names for asker in people.askers]
        self.others = [asker.names for asker in people.askers if asker.plan != first]
        self.workers = [worker.names for worker in people.workers]
        self.columns = {table.table: table.columns for pattern in patterns for table in pattern.tables}
        self.with_ids = {table.table for pattern in patterns for table in pattern.tables if table.has_ids}
        self.next_ids: dict[str, int] = {}

    @transaction.atomic
    def write(self, count: int, *, say: Say) -> Counter[str]:
        """Write so many copies and return the number of rows by table."""
        written: Counter[str] = Counter()
        with connection.cursor() as cursor, lifted(cursor, list(self.columns), say=say):
            number = self._begin(cursor)
            with ThreadPoolExecutor(1) as writer:  # the database takes a block while the next one is made
                writing: Future[None] | None = None
                for block in range(0, count, BLOCK):
                    lines: defaultdict[str, list[str]] = defaultdict(list)
                    end = min(block + BLOCK, count)
                    for place in range(block, end):
                        self._add(place, count, number + place, lines, written)
                    if writing:
                        writing.result()
                    writing = writer.submit(self._flush, cursor, lines)
                    if end % (BLOCK * 50) == 0:
                        say(f"{end:,} tickets")
                if writing:
                    writing.result()
            self._end(cursor, number + count - 1)
        return written

    def _begin(self, cursor: CursorWrapper) -> int:
        for table in self.with_ids:
            cursor.execute(SQL("SELECT coalesce(max(id), 0) + 1 FROM {}").format(Identifier(table)))
            self.next_ids[table] = cursor.fetchone()[0]
        newest = Ticket.objects.order_by("-number").values_list("number", flat=True)[0]
        return int(newest) + 1

    def _end(self, cursor: CursorWrapper, number: int) -> None:
        for table, following in self.next_ids.items():
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, following])
        cursor.execute("SELECT setval('tickets_ticket_number', %s)", [number])
        cursor.execute(_NOTE_LATE_CLOCKS, [self.now])

    def _add(
        self, place: int, count: int, number: int, lines: defaultdict[str, list[str]], written: Counter[str]
    ) -> None:
        pattern, copy = self._copy(place / count, number)
        values = [gap(copy) for gap in pattern.gaps]
        for table in pattern.tables:
            lines[table.table].append(table.filled(values))
            written[table.table] += table.count
            if table.has_ids:
                self.next_ids[table.table] += table.count

    def _copy(self, share: float, number: int) -> tuple[Pattern, Copy]:
        is_closed = share < 1 - LATEST_SHARE or self.chance.random() >= OPEN_AMONG_LATEST
        age = timedelta(days=0.1 + OLDEST_DAYS * (1 - share) ** 1.5)
        plot = self.chance.choices(self.plots[is_closed], cum_weights=self.weights[is_closed])[0]
        if plot == "closed with time" and age.days > TIME_DAYS:
            plot = "closed by mail"
        pattern = self.patterns[plot]
        earlier = pattern.told.opened_at - (self.now - age)
        code = _code(number)
        worker = int(self.chance.random() * len(self.workers))
        return pattern, Copy(
            code=code,
            number=number,
            earlier=max(earlier, timedelta(0)) + timedelta(seconds=self.chance.random() * 3600),
            first_ids=self.next_ids,
            people={
                "asker": self._asker(is_closed=is_closed),
                "first": self.workers[worker],
                "second": self.workers[worker - 1],
            },
            subject=self.prose.subject(),
            paragraphs=[(self.prose.paragraph(), self.prose.paragraph(code)) for _ in pattern.told.paragraphs],
        )

    def _asker(self, *, is_closed: bool) -> dict[str, str]:
        if is_closed:
            return self.chance.choice(self.askers)
        if self.few_open > 0:
            self.few_open -= 1
            return self.askers[0]
        return self.chance.choice(self.others)

    def _flush(self, cursor: CursorWrapper, lines: Mapping[str, Sequence[str]]) -> None:
        for table, rows in lines.items():
            columns = ", ".join(f'"{column}"' for column in self.columns[table])
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write("".join(rows))


def _code(number: int) -> str:
    """Return seven letters and digits that no other number has."""
    text = ""
    for _ in range(7):
        number, rest = divmod(number, 36)
        text = _DIGITS[rest] + text
    return text
