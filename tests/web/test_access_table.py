"""Every route against every role. A route missing from the table fails, and so does one that answers otherwise.

Each row: the route's name, the arguments that make it real, and who gets in. Strangers get 404 and no hint; people
not signed in are sent to sign in; an agent without the permission gets 403. "In" means any answer but those.
"""

import pytest
from django.test import Client as Browser
from django.urls import URLResolver, reverse

from deskhand.accounts.models import User
from deskhand.project.urls import urlpatterns
from deskhand.web.access import routes
from deskhand.web.sessions import BACKEND
from tests.cast import Cast
from tests.web.access_rows import ROWS, Row
from tests.web.stage import Stage, make_stage

ROLES = ("ada", "ben", "kit", "cleo", "dev", "eve", "nobody")


def route_names() -> set[str]:
    """Return the full name of every route, `namespace:name`."""
    found = set()
    for resolver in urlpatterns:
        namespace = f"{resolver.namespace}:" if isinstance(resolver, URLResolver) and resolver.namespace else ""
        found |= {f"{namespace}{entry.name}" for _, entry in routes([resolver])}
    return found


def test_every_route_is_in_the_table() -> None:
    listed = {row.name for row in ROWS}
    assert route_names() - listed == set(), "add these to tests/web/access_rows.py"
    assert listed - route_names() == set(), "these are no routes any more"


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return make_stage(cast)


def browser_of(stage: Stage, role: str) -> Browser:
    browser = Browser()
    if role != "nobody":
        user: User = getattr(stage.cast, role).user
        browser.force_login(user, backend=BACKEND)
    return browser


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.name}")
def test_only_those_listed_get_in(stage: Stage, row: Row) -> None:
    path = reverse(row.name, kwargs=row.arguments(stage))
    for role in ROLES:
        answer = browser_of(stage, role).generic(
            row.method, path, data=row.body, content_type="application/x-www-form-urlencoded"
        )
        refused = answer.status_code in {401, 403, 404}
        sent_to_sign_in = answer.status_code == 302 and answer["Location"].startswith(reverse("web:sign_in"))
        got_in = not refused and sent_to_sign_in == row.ends_at_sign_in
        expected = role in row.gets_in
        assert got_in == expected, f"{role} {row.method} {path} → {answer.status_code}"
        if role == "eve" and not expected:
            assert answer.status_code == 404, f"Eve learned something at {path}"
