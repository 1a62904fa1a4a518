"""Which of several plans pays for work, and which sites a client has."""

from datetime import timedelta

import pytest

from deskhand.allowances.models import Plan, TimeEntry
from deskhand.allowances.queries import boxes_for, sites_of
from deskhand.clients.models import Domain
from deskhand.tickets.models import Ticket
from tests.cast import Cast
from tests.portal.plans import log, start, today


@pytest.fixture
def plans(cast: Cast) -> dict[str, Plan]:
    """Return plans for two sites and for all, the one for all begun last."""
    return {site: start(cast, name=site or "All", site=site) for site in ("shop.acme.example", "blog.acme.example", "")}


@pytest.mark.parametrize(
    ("site", "pays"),
    [
        ("", ""),
        ("blog.acme.example", "blog.acme.example"),
        ("Shop.Acme.example", "shop.acme.example"),
        ("elsewhere.example", ""),
    ],
)
def test_the_plan_of_the_site_pays_else_the_one_for_all(
    cast: Cast, plans: dict[str, Plan], site: str, pays: str
) -> None:
    ticket = cast.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(site=site)
    log(cast, ticket, 30)
    assert TimeEntry.objects.get().plan == plans[pays]
    assert boxes_for(cast.acme, today=today(), site=site)[0].plan_id == plans[pays].pk


def test_another_site_pays_where_there_is_no_plan_for_all(cast: Cast) -> None:
    first = start(cast, site="shop.acme.example")
    start(cast, site="blog.acme.example")
    log(cast, cast.ticket(), 30)
    assert TimeEntry.objects.get().plan == first


def test_sites_are_domains_and_what_running_plans_are_for(cast: Cast, plans: dict[str, Plan]) -> None:
    Domain.objects.get_or_create(client=cast.acme, name="shop.acme.example")
    Plan.objects.filter(pk=plans["blog.acme.example"].pk).update(ends_on="2000-01-01", starts_on="2000-01-01")
    names = sites_of(cast.acme.pk, today())
    assert "shop.acme.example" in names
    assert "blog.acme.example" not in names
    assert len(names) == len({name.lower() for name in names})
    assert sites_of(cast.other.pk, today()) == sorted(
        Domain.objects.filter(client=cast.other).values_list("name", flat=True)
    )


def test_a_plan_that_ended_this_month_comes_after_the_one_that_pays_now(cast: Cast) -> None:
    ended, begun = start(cast), start(cast, starts_on=today())
    Plan.objects.filter(pk=ended.pk).update(ends_on=today() - timedelta(days=1))
    Plan.objects.filter(pk=begun.pk).update(site="shop.acme.example")
    log(cast, cast.ticket(), 30)
    assert TimeEntry.objects.get().plan == begun
    assert boxes_for(cast.acme, today=today())[0].plan_id == begun.pk
