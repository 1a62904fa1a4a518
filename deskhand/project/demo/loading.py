"""Loading the demo: people, a year of closed tickets, then the open ones, and the time they took."""

import random
from datetime import datetime, timedelta

from django.db import transaction

from deskhand.mail.models import Mailbox
from deskhand.project.demo.letters import SUPPORT, junk
from deskhand.project.demo.maintenance import look_after
from deskhand.project.demo.notices import tell_lately
from deskhand.project.demo.people import make_company
from deskhand.project.demo.reading import read_lately
from deskhand.project.demo.steps import Step, Story, Teller, step
from deskhand.project.demo.stories import STORIES
from deskhand.tickets.models.labels import AfterReply

PAST = [
    ("alex", "Header image for the autumn campaign", "change", "The new picture is attached to this month's brief."),
    ("harriet", "Voucher code AUTUMN10 is refused", "bug", "It says the code has expired, but it runs until Sunday."),
    ("dana", "Size chart missing on the jackets page", "bug", "The link leads to an empty page."),
    ("chris", "How do I export last month's orders?", "question", "I need them for the accountant."),
    ("jon", "New lunch menu", "change", "The menu changes on Monday. Text below."),
    ("mei", "Workshop calendar shows the wrong week", "bug", "It starts on Sunday since the update."),
    ("sam", "Add a notice about the lift repairs", "change", "From Tuesday to Friday, both entrances."),
    ("mei", "Prices of the winter service", "change", "The new list is attached. It holds from the first."),
    ("nadia", "Remove a former colleague from the team page", "change", "Mr Ellis left at the end of the month."),
    ("alex", "Monthly security and plugin updates", "other", "Please go ahead as usual."),
    ("dana", "Newsletter sign-ups do not arrive", "bug", "None since Friday, we usually get ten a day."),
]
ANSWERS = [
    "Done and checked on desktop and phone. Anything else, just answer here.",
    "That was a cached page. It is cleared now and will not come back.",
    "This is live since a few minutes ago. Have a look and tell us if it is right.",
]
AGENTS = ["priya", "tom", "lena"]
YEAR_DAYS = 360
PAST_TICKETS = 60


@transaction.atomic
def load(*, now: datetime) -> None:
    """Fill an empty desk with a made-up agency. `now` is aware; everything happened before it."""
    opened = now - timedelta(days=YEAR_DAYS + 10)
    company = make_company(at=opened)
    Mailbox.objects.create(name="Support", address=SUPPORT, created_at=opened)
    teller = Teller(company, now=now)
    for story in [*_past_stories(), *STORIES]:
        teller.tell(story)
    junk(company, now=now)
    look_after(company, now=now)
    read_lately(company, now=now)
    tell_lately(now=now)


def _past_stories() -> list[Story]:
    chance = random.Random(1042)  # noqa: S311 (the same demo every time, not a secret)
    ages = sorted((chance.uniform(5, YEAR_DAYS) for _ in range(PAST_TICKETS)), reverse=True)
    return [_past_story(chance, age) for age in ages]


def _past_story(chance: random.Random, age_days: float) -> Story:
    who, subject, category, text = chance.choice(PAST)
    agent = chance.choice(AGENTS)
    answered = age_days - chance.uniform(0.05, 1.5)
    then: list[Step] = [
        step("assign", agent, days=answered + 0.02, to=[agent]),
        step("reply", agent, chance.choice(ANSWERS), days=answered),
        step("answer", who, "Perfect, thank you!", days=answered - 0.1),
    ]
    last = step("reply", agent, "You are welcome.", days=answered - 0.2, after=AfterReply.CLOSE)
    return Story(subject, step("open", who, text, days=age_days), [*then, last], category=category)
