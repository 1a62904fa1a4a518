"""Queries built once find what Django's own find, for whoever asks."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject
from django.test.utils import CaptureQueriesContext

from deskhand.accounts.models import Agent, Role, Team
from deskhand.clients.models import Contact
from deskhand.core.built import Statement, built_once, statement_built_once
from deskhand.sla.models import HoursVersion
from deskhand.tickets.models import Kind, Message, Status, Ticket
from tests.cast import NOON, Cast


@built_once
def seen(viewer: Agent | Contact, number: int) -> QuerySet[Ticket]:
    messages = Message.objects.filter(ticket=OuterRef("pk")).order_by("id")
    return (
        Ticket.objects.visible_to(viewer)
        .filter(number=number)
        .select_related("requester__user", "team")
        .annotate(texts=ArraySubquery(messages.values(fields=JSONObject(text="text", at="created_at"))))
    )


@built_once
def statuses(kind: Kind, after: int) -> QuerySet[Status, tuple[int, str]]:
    return Status.objects.filter(kind=kind, position__gt=after).order_by("position").values_list("pk", "name")


def test_models_come_with_related_ones_and_annotations(cast: Cast) -> None:
    ticket = cast.ticket(text="It's 100 %s")
    (found,) = seen(cast.ada, ticket.number)
    assert (found, found.subject, found.opened_at, found.team) == (ticket, ticket.subject, NOON, None)
    assert [one["text"] for one in vars(found)["texts"]] == ["It's 100 %s"]
    with CaptureQueriesContext(connection) as queries:
        assert found.requester.user.name == cast.cleo.name
    assert not queries.captured_queries


def test_nobody_sees_what_was_found_for_another(cast: Cast) -> None:
    numbers = [cast.ticket().number, cast.opened_by(cast.eve).number]
    for _ in range(2):
        for viewer in (cast.ada, cast.kit, cast.cleo, cast.dev, cast.eve, cast.ben):
            expected = list(Ticket.objects.visible_to(viewer).order_by("number").values_list("number", flat=True))
            assert [one.number for number in numbers for one in seen(viewer, number)] == expected


def test_rights_count_as_they_are_now(cast: Cast) -> None:
    number = cast.opened_by(cast.dev).number
    assert seen(cast.cleo, number)
    cast.cleo.sees_whole_client = False
    assert not seen(cast.cleo, number)
    cast.cleo.sees_whole_client = True
    assert seen(cast.cleo, number)
    cast.cleo.user.is_active = False
    assert not seen(cast.cleo, number)


def test_rows_come_as_the_query_gives_them(db: None) -> None:
    @built_once
    def mappings(name: str) -> QuerySet[Team, Any]:
        return Team.objects.filter(name=name).values("name", size=Value(3))

    @built_once
    def names(name: str) -> QuerySet[Team, str]:
        return Team.objects.filter(name=name).values_list("name", flat=True)

    Team.objects.create(name="Ops")
    assert mappings("Ops") == [{"name": "Ops", "size": 3}]
    assert names("Ops") == ["Ops"]
    assert names("ops'; --") == []
    for kind in Kind:
        expected = Status.objects.filter(kind=kind, position__gt=0).order_by("position")
        assert statuses(kind, 0) == list(expected.values_list("pk", "name"))


def test_days_moments_and_lists_take_their_places(cast: Cast) -> None:
    @built_once
    def opened(since: datetime, by: date, numbers: list[int]) -> QuerySet[Ticket, int]:
        among = Q(Exists(Ticket.objects.filter(pk=OuterRef("pk")).extra(where=["number = ANY(%s)"], params=[numbers])))
        found = Ticket.objects.filter(among, opened_at__gte=since, needed_by_on__lte=by)
        return found.values_list("number", flat=True)

    ticket = cast.ticket()
    Ticket.objects.update(needed_by_on=NOON.date())
    day = timedelta(days=1)
    assert opened(NOON, NOON.date(), [ticket.number, 7]) == [ticket.number]
    assert opened(NOON + day, NOON.date(), [ticket.number]) == []
    assert opened(NOON, NOON.date() - day, [ticket.number]) == []
    assert opened(NOON, NOON.date(), []) == []


@pytest.mark.parametrize("number", [2**31, 2**63, 10**40, -(10**40)])
def test_a_number_that_no_column_holds_is_found_nowhere(cast: Cast, number: int) -> None:
    assert seen(cast.ada, number) == []
    assert bool(statuses(Kind.OPEN, number)) == (number < 0)


def test_a_statement_gives_its_rows(cast: Cast) -> None:
    @statement_built_once
    def counted(viewer: Agent) -> Statement:
        text, values = Ticket.objects.visible_to(viewer).values("pk").query.sql_with_params()
        return f"SELECT count(*), '%%' FROM ({text}) AS counted", values

    cast.ticket()
    assert counted(cast.ada) == [(1, "%")]
    assert counted(cast.kit) == [(0, "%")]


def _changes_its_argument(name: str) -> QuerySet[Team]:
    return Team.objects.filter(name__contains=name)


def _counts_with_it(pk: int) -> QuerySet[Team]:
    return Team.objects.filter(pk=pk + 1)


def _ends_with_it(count: int) -> QuerySet[Team]:
    return Team.objects.annotate(double=F("pk") * 2)[:count]


@pytest.mark.parametrize("asks", [_changes_its_argument, _counts_with_it, _ends_with_it])
def test_a_query_that_does_more_with_a_value_says_so(db: None, asks: Callable[..., QuerySet[Team]]) -> None:
    with pytest.raises(TypeError, match=asks.__name__):
        built_once(asks)("x" if asks is _changes_its_argument else 1)


def test_a_query_cannot_keep_what_belongs_to_whoever_asks(cast: Cast) -> None:
    @built_once
    def namesakes(agent: Agent) -> QuerySet[Agent]:
        return Agent.objects.filter(user__name=agent.name)

    with pytest.raises(TypeError, match="somebody's own"):
        namesakes(cast.ada)


def count_prepared(words: str) -> int:
    """Return how many statements with these words the database keeps for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE position(%s in statement) > 0", [words])
        return int(cursor.fetchone()[0])


def test_what_is_asked_is_prepared_once_for_each_shape(cast: Cast) -> None:
    ticket = cast.ticket()
    for viewer in (cast.ada, cast.ben, cast.cleo, cast.dev):
        for number in (ticket.number, 1, 70_000):
            seen(viewer, number)
    assert count_prepared('AS "texts"') == 2


def test_statements_of_others_are_not_prepared(db: None) -> None:
    @built_once
    def named(name: str) -> QuerySet[Team]:
        return Team.objects.filter(name=name)

    for name in ("Ops", "Sales"):
        named(name)
        list(Team.objects.filter(name=name))
    assert count_prepared("accounts_team") == 1


def test_columns_that_django_converts_come_as_django_gives_them(db: None) -> None:
    @built_once
    def versions(above: int) -> QuerySet[HoursVersion]:
        return HoursVersion.objects.filter(pk__gt=above).order_by("pk")

    expected = HoursVersion.objects.order_by("pk")
    found = versions(0)
    assert found
    assert [(one.week, one.closures, one.made_at) for one in found] == [
        (one.week, one.closures, one.made_at) for one in expected
    ]


def test_what_is_left_out_is_loaded_when_asked_for(db: None) -> None:
    @built_once
    def only_names(name: str) -> QuerySet[Role]:
        return Role.objects.filter(slug=name).only("name")

    (admin,) = only_names("admin")
    with CaptureQueriesContext(connection) as queries:
        assert admin.name
        assert not queries.captured_queries
        assert admin.permissions
