from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest
from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone
from jinja2 import Environment, UndefinedError

from deskhand.project.templating import shared_context

NOW = datetime(2026, 7, 21, 10, 58, tzinfo=UTC)


@pytest.fixture
def jinja() -> Environment:
    return cast("Environment", engines["jinja2"].env)  # type: ignore[attr-defined]


def request(*, theme: str = "", user: object = None) -> HttpRequest:
    made = RequestFactory().get("/")
    made.COOKIES["theme"] = theme
    made.user = user or SimpleNamespace(is_authenticated=False)  # type: ignore[assignment]
    return made


def person(**given: object) -> SimpleNamespace:
    return SimpleNamespace(**{"is_authenticated": True, "pk": 7, "theme": "system", "uses_shortcuts": True} | given)


def test_refuses_names_that_do_not_exist(jinja: Environment) -> None:
    with pytest.raises(UndefinedError):
        jinja.from_string("{{ nothing_here }}").render()


def test_shows_times_in_the_readers_zone(jinja: Environment) -> None:
    with timezone.override("Europe/London"):
        shown = jinja.from_string("{{ at|exact }} {{ at|iso }}").render(at=NOW)
    assert shown == "21 Jul 2026, 11:58 2026-07-21T11:58:00+01:00"


def test_counts_time_from_the_pages_now(jinja: Environment) -> None:
    shown = jinja.from_string("{{ at|ago }}, {{ at|ago_short }}").render(at=NOW.replace(minute=54), now=NOW)
    assert shown == "4 minutes ago, 4m"


def test_never_reads_the_clock_for_relative_times(jinja: Environment) -> None:
    with pytest.raises(TypeError, match="with context"):
        jinja.from_string("{{ at|ago }}").render(at=NOW)


def test_takes_the_moment_of_the_act() -> None:
    asked = request()
    asked.act = SimpleNamespace(at=NOW)  # type: ignore[attr-defined]
    assert shared_context(asked)["now"] == NOW


def test_prefers_the_theme_chosen_on_this_device() -> None:
    assert shared_context(request(theme="dark", user=person(theme="light")))["theme"] == "dark"
    assert shared_context(request(user=person(theme="light")))["theme"] == "light"
    assert shared_context(request(theme='"><script>'))["theme"] == ""


def test_leaves_shortcuts_to_whoever_uses_them() -> None:
    assert shared_context(request(user=person(uses_shortcuts=False)))["hotkeys"] == "off"
    assert shared_context(request())["hotkeys"] == "on"


def test_names_the_viewers_data_without_their_number() -> None:
    key = str(shared_context(request(user=person(pk=1234567)))["viewer_key"])
    assert len(key) == 12
    assert "1234567" not in key
    assert shared_context(request())["viewer_key"] == ""


def test_offers_undo_only_for_paths_of_the_desk() -> None:
    asked = request()
    asked._messages = cast("BaseStorage", CookieStorage(asked))  # type: ignore[attr-defined]
    messages.success(asked, "Closed.", extra_tags="undo:/tickets/42/undo")
    messages.success(asked, "Saved.", extra_tags="undo:https://elsewhere.example/")
    flashes = shared_context(asked)["flashes"]()
    assert [(flash["text"], flash["undo"]) for flash in flashes] == [("Closed.", "/tickets/42/undo"), ("Saved.", "")]
