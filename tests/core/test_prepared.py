"""Statements built once do what Django's own do."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext

from deskhand.accounts.models import Role, Team, User
from deskhand.allowances.models import Plan
from deskhand.core.prepared import insert, prepared, update
from deskhand.sla.models import HoursVersion
from deskhand.tickets.models import Status
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@prepared
def named(name: str) -> QuerySet[Team]:
    return Team.objects.filter(name=name)


@prepared
def after(position: int, kind: str) -> QuerySet[Status]:
    return Status.objects.filter(position__gt=position, kind=kind).order_by("-position")


def test_a_query_finds_what_it_is_asked_for_each_time() -> None:
    first, second = (Team.objects.create(name=name) for name in ("Ops", "Sales"))
    assert named("Ops") == [first]
    assert named("Sales") == [second]
    assert named("It's 100 %s") == []


def test_arguments_keep_their_places_and_the_order_of_rows_is_kept() -> None:
    expected = Status.objects.filter(position__gt=0, kind="open").order_by("-position")
    assert after(0, "open") == list(expected)
    assert after(10_000, "open") == []


def test_columns_that_django_converts_come_as_django_gives_them() -> None:
    @prepared
    def versions(above: int) -> QuerySet[HoursVersion]:
        return HoursVersion.objects.filter(pk__gt=above).order_by("pk")

    expected = HoursVersion.objects.order_by("pk")
    found = versions(0)
    assert found
    assert [(one.week, one.closures, one.made_at) for one in found] == [
        (one.week, one.closures, one.made_at) for one in expected
    ]


def test_what_is_left_out_is_loaded_when_asked_for() -> None:
    @prepared
    def only_names(name: str) -> QuerySet[Role]:
        return Role.objects.filter(slug=name).only("name")

    (admin,) = only_names("admin")
    with CaptureQueriesContext(connection) as queries:
        assert admin.name
        assert not queries.captured_queries
        assert admin.permissions


def _changes_its_argument(name: str) -> QuerySet[Team]:
    return Team.objects.filter(name=name.upper())


def _asks_for_a_neighbor(pk: int) -> QuerySet[Plan]:
    return Plan.objects.select_related("client").filter(pk=pk)


def _adds_a_column(pk: int) -> QuerySet[Team]:
    return Team.objects.annotate(double=F("pk") * 2).filter(pk=pk)


@pytest.mark.parametrize("asks", [_changes_its_argument, _asks_for_a_neighbor, _adds_a_column])
def test_a_query_that_cannot_be_prepared_says_so(asks: Callable[..., QuerySet[Team]]) -> None:
    with pytest.raises(TypeError, match=asks.__name__):
        prepared(asks)("x" if asks is _changes_its_argument else 1)


def test_a_row_is_written_as_save_would() -> None:
    mine = insert(User(email="new@acme.example", name="Näme", created_at=NOON))
    again = User.objects.get(email="new@acme.example")
    assert mine.pk == again.pk
    assert (again.name, again.created_at, again.is_active, again.last_seen_at) == ("Näme", NOON, True, None)
    mine.name = "Other"
    mine.save()  # updates, for it is known to be in the table
    assert User.objects.get(pk=mine.pk).name == "Other"


def test_arrays_and_documents_are_written_whole() -> None:
    role = insert(Role(name="Lists", slug="lists", permissions=["a", "b"], visibility="all"))
    assert Role.objects.get(pk=role.pk).permissions == ["a", "b"]
    known = HoursVersion.objects.order_by("pk")[0]
    week = {"0": [[540, 1020]], "quoted": 'a "b" %s'}
    version = insert(HoursVersion(hours=known.hours, number=99, zone="UTC", week=week, closures=[], made_at=NOON))
    assert HoursVersion.objects.get(pk=version.pk).week == week


def test_a_row_that_is_refused_raises_what_save_would() -> None:
    insert(Team(name="Ops"))
    with pytest.raises(IntegrityError, match="team_name_unique"), transaction.atomic():
        insert(Team(name="ops"))
    assert Team.objects.count() == 1


def test_a_row_keeps_the_id_it_has() -> None:
    team = insert(Team(pk=4711, name="Numbered"))
    assert Team.objects.get(name="Numbered").pk == team.pk == 4711


def test_an_update_writes_the_named_fields_of_that_row_alone() -> None:
    mine, other = (insert(Team(name=name)) for name in ("Ops", "Sales"))
    mine.name = "Support"
    update(mine, ["name"])
    assert list(Team.objects.order_by("pk").values_list("name", flat=True)) == ["Support", "Sales"]
    assert other.pk != mine.pk


def test_the_database_keeps_what_is_prepared_and_nothing_else() -> None:
    for name in ("Ops", "Sales"):
        named(name)
        list(Team.objects.filter(name=name))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%accounts_team%'")
        assert cursor.fetchone() == (1,)
