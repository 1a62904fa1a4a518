"""Rows are written as Django itself writes them."""

import pytest
from django.db import IntegrityError, transaction

from deskhand.accounts.models import Role, Team, User
from deskhand.core.prepared import insert, update
from deskhand.sla.models import HoursVersion
from tests.cast import NOON

pytestmark = pytest.mark.django_db


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
