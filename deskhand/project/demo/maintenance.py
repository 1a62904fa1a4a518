"""The demo's allowances: plans of the clients, a year of work on their tickets, and who is on call."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from deskhand.allowances.actions.locking import lock_months
from deskhand.allowances.actions.plans import NewPlan, adjust, start_plan, top_up
from deskhand.allowances.actions.time import NewTime, log_time
from deskhand.allowances.ledger import Rollover
from deskhand.allowances.models import Overage, Plan
from deskhand.allowances.months import add_months, last_day, month_of
from deskhand.clients.models import Client
from deskhand.events import Act, Via
from deskhand.project.demo.people import Company
from deskhand.sla.actions.on_call import set_on_call
from deskhand.tickets.models import Ticket

REPEAT_MINUTES = 10
STEP = 5
WORK = [
    "Updates of the shop and its plugins, checked on the test site",
    "Texts and pictures changed as asked",
    "Found the cause and mended it",
    "Layout adapted for phones",
    "Tested, published, checked again",
    "Call with the client, notes written up",
]


@dataclass(frozen=True)
class Care:
    """A client's plan, and the minutes used in each of the last twelve months, the present one last."""

    client: str
    terms: dict[str, object]
    used: list[int]
    agents: list[str]
    top_up: int = 0
    adjustments: list[tuple[int, str]] = field(default_factory=list)


CARE = [
    Care(
        "Bramley Books",
        {"minutes_per_month": 480},
        [240, 390, 465, 555, 300, 360, 315, 450, 180, 525, 375, 390],
        ["priya", "tom"],
    ),
    Care(
        "Osprey Outdoor",
        {"minutes_per_month": 360, "overage": Overage.ALLOWED},
        [300, 345, 280, 330, 360, 240, 400, 310, 355, 420, 335, 390],
        ["tom", "priya"],
        adjustments=[(-30, "Call of 3 March counted to the wrong client")],
    ),
    Care(
        "Larch & Lime Café",
        {"minutes_per_month": 120, "rollover": Rollover.EXPIRING, "expires_after_months": 3},
        [100, 90, 130, 150, 60, 160, 110, 75, 150, 120, 140, 95],
        ["tom"],
    ),
    Care(
        "Kestrel Cycles",
        {"minutes_per_month": 0, "is_unlimited": True},
        [120, 95, 180, 60, 240, 155, 90, 130, 205, 175, 110, 85],
        ["tom", "lena"],
    ),
    Care(
        "Tern Housing",
        {"minutes_per_month": 300, "rollover": Rollover.CAPPED, "cap_minutes": 120, "overage": Overage.NEEDS_APPROVAL},
        [260, 150, 290, 330, 210, 240, 280, 305, 190, 260, 350, 170],
        ["lena", "tom"],
        top_up=180,
        adjustments=[(20, "Thank you for testing the new form with us")],
    ),
]


def look_after(company: Company, *, now: datetime) -> None:
    """Give the clients their plans and log the year's work on tickets they had by then."""
    today = timezone.localdate(now)
    for number, care in enumerate(CARE):
        _Year(company, care, today=today, now=now, chance=random.Random(number)).play()  # noqa: S311 (no secret)
    act = Act(actor=company.user("lena"), at=now - timedelta(days=30), via=Via.WORKSPACE)
    set_on_call(agent_ids=[company.agents["tom"].pk], repeat_minutes=REPEAT_MINUTES, act=act)


class _Year:
    """A client's year: the plan, then month by month the work."""

    def __init__(self, company: Company, care: Care, *, today: date, now: datetime, chance: random.Random) -> None:
        self.company = company
        self.care = care
        self.today = today
        self.now = now
        self.chance = chance
        self.client = Client.objects.get(name=care.client)
        self.tickets = list(
            Ticket.objects.filter(client=self.client).exclude(category__slug="bug").order_by("opened_at", "pk")
        )

    def play(self) -> None:
        first = add_months(month_of(self.today), 1 - len(self.care.used))
        plan = start_plan(
            client=self.client,
            new=NewPlan(name="Maintenance", starts_on=first, **self.care.terms),  # type: ignore[arg-type]
            today=self.today,
            act=self._act("lena", first),
        )
        self._give(plan, first)
        for index, minutes in enumerate(self.care.used):
            self._work(add_months(first, index), minutes)
        lock_months(plan_id=plan.pk, today=self.today, act=Act(actor=None, at=self.now, via=Via.SYSTEM))

    def _give(self, plan: Plan, first: date) -> None:
        if self.care.top_up:
            bought = add_months(first, 2)
            top_up(
                plan_id=plan.pk,
                minutes=self.care.top_up,
                on=bought,
                expires_on=last_day(add_months(bought, 11)),
                act=self._act("lena", bought),
            )
        for place, (minutes, reason) in enumerate(self.care.adjustments):
            on = add_months(first, 3 + place)
            adjust(plan_id=plan.pk, minutes=minutes, on=on, reason=reason, act=self._act("lena", on))

    def _work(self, month: date, minutes: int) -> None:
        """Log so many minutes in pieces, on days of the month that have come."""
        days = (min(last_day(month), self.today) - month).days + 1
        for length in _pieces(minutes, self.chance):
            on = month + timedelta(days=self.chance.randrange(days))
            who = self.chance.choice(self.care.agents)
            log_time(
                ticket_id=self._ticket(on).pk,
                agent=self.company.agents[who],
                new=NewTime(
                    work_on=on,
                    actual_minutes=length - self.chance.randrange(STEP),
                    description=self.chance.choice(WORK),
                ),
                today=self.today,
                act=self._act(who, on),
            )

    def _ticket(self, on: date) -> Ticket:
        """Return a ticket that was being worked on then: among the newest opened by that day."""
        opened = [ticket for ticket in self.tickets if ticket.opened_at.date() <= on] or self.tickets[:1]
        return self.chance.choice(opened[-3:])

    def _act(self, who: str, on: date) -> Act:
        evening = datetime.combine(on, time(17, 20), UTC)
        return Act(actor=self.company.user(who), at=min(evening, self.now), via=Via.WORKSPACE)


def _pieces(minutes: int, chance: random.Random) -> list[int]:
    """Return lengths of work in steps of five minutes that add up to `minutes`, a bit over an hour each."""
    steps = minutes // STEP
    count = max(1, round(minutes / 80))
    shares = [chance.uniform(0.5, 1.5) for _ in range(count)]
    pieces = [max(1, round(steps * share / sum(shares))) for share in shares]
    pieces[0] += steps - sum(pieces)
    return [piece * STEP for piece in pieces if piece > 0]
