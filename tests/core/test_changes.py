from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskhand.accounts.models import Agent
from deskhand.core.changes import differences, joining_and_leaving, put
from tests.cast import Cast


def test_names_whose_value_stays_are_left_out() -> None:
    assert differences({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 0}) == {"b": [2, 0]}


def test_a_row_gets_what_differs_and_nothing_else(cast: Cast) -> None:
    Agent.objects.filter(pk=cast.ben.pk).update(phone="changed meanwhile")
    assert put(cast.ben, {"title": "Lead", "phone": cast.ben.phone}) == {"title": ["", "Lead"]}
    kept = Agent.objects.get(pk=cast.ben.pk)
    assert (kept.title, kept.phone) == ("Lead", "changed meanwhile")


def test_a_row_that_has_it_all_is_not_written(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert put(cast.ben, {"title": cast.ben.title}) == {}
    assert not queries.captured_queries


def test_everyone_joins_or_leaves_once() -> None:
    assert joining_and_leaving("cbbax", "xyz") == (["c", "b", "a"], ["y", "z"])
    assert joining_and_leaving((one for one in "ab"), (one for one in "ba")) == ([], [])
