"""What the trials share: a desk that acknowledges as it does for everyone, and a line about each trial."""

import os
from collections.abc import Callable

import pytest

from deskhand.mail.models import Mailbox
from tests.cast import NOON, Cast
from tests.mail.post_office import PostOffice

Report = Callable[[str, int, str], None]
IS_FULL = os.environ.get("DESKHAND_TRIALS") == "full"


def sized(quick: int, full: int) -> int:
    """Return how many trials take place: a minute's worth for all, or all of them with DESKHAND_TRIALS=full."""
    return full if IS_FULL else quick


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """Return what prints a line "attack: trials, result"; it fails where no trial took place."""

    capture = request.config.pluginmanager.getplugin("capturemanager")
    writer = request.config.get_terminal_writer()
    assert capture is not None

    def write(attack: str, trials: int, result: str) -> None:
        assert trials > 0
        with capture.global_and_fixture_disabled():
            writer.line(f"\n  {attack}: {trials} trials, {result}")

    return write


@pytest.fixture
def support(db: None) -> Mailbox:
    """Return the desk's support address."""
    return Mailbox.objects.create(name="Support", address="support@desk.example", created_at=NOON)


@pytest.fixture
def post(support: Mailbox, cast: Cast) -> PostOffice:
    """Return the way in; new tickets are acknowledged."""
    return PostOffice(support)


@pytest.fixture
def mailbox(transactional_db: None) -> Mailbox:
    """Return the desk's support address in a database that other processes see."""
    return Mailbox.objects.create(name="Support", address="support@desk.example", created_at=NOON)
