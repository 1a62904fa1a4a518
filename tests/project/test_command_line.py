import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from deskhand.project.embedded import Lease
from tests.project.desks import deskhand, free_port

AWAY = "postgresql://desk:hunter2@127.0.0.1:1/desk"
LINK = re.compile(r"http://localhost:\d+/sign-in/link/\S+")


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a failed command said: one sentence, and never a traceback."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


def test_names_the_setting_that_cannot_be_used(tmp_path: Path) -> None:
    done = deskhand(tmp_path, "migrate", DESKHAND_TIME_ZONE="Middle/Earth")
    assert "DESKHAND_TIME_ZONE" in complaint(done)
    assert done.returncode == os.EX_CONFIG


@pytest.mark.parametrize("command", ["up", "web"])
def test_says_that_the_port_is_in_use_and_which_setting_to_change(command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        said = complaint(deskhand(tmp_path, command, DESKHAND_PORT=port))
    assert port in said
    assert "DESKHAND_PORT" in said


@pytest.mark.parametrize("command", ["up", "worker"])
def test_says_that_the_lmtp_port_is_in_use(command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        said = complaint(deskhand(tmp_path, command, DESKHAND_LMTP_PORT=port, DESKHAND_PORT=str(free_port())))
    assert "DESKHAND_LMTP_PORT" in said


@pytest.mark.parametrize("command", ["migrate", "web", "worker", "sign-in-link x@example.com"])
def test_says_that_the_database_is_away_without_its_password(command: str, tmp_path: Path) -> None:
    said = complaint(deskhand(tmp_path, *command.split(), DATABASE_URL=AWAY))
    assert "DATABASE_URL" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("command", ["web", "worker"])
def test_does_not_serve_from_a_database_of_another_shape(command: str, home: Path) -> None:
    assert "deskhand migrate" in complaint(deskhand(home, command))


def test_a_second_migration_has_nothing_to_do(prepared_home: Path) -> None:
    done = deskhand(prepared_home, "migrate")
    assert done.stdout == "The database is ready; nothing to do.\n"


def test_the_first_admin_gets_a_link_and_no_password(prepared_home: Path) -> None:
    first = deskhand(prepared_home, "create-admin", "ada@desk.example", "--name", "Ada Agnew", DESKHAND_PORT="8123")
    assert "Ada Agnew is an admin" in first.stdout
    (link,) = LINK.findall(first.stdout)
    assert ":8123/" in link
    assert "sign-in-link" in complaint(deskhand(prepared_home, "create-admin", "ADA@desk.example", "--name", "Ada"))
    again = deskhand(prepared_home, "sign-in-link", "ada@desk.example").stdout
    assert LINK.fullmatch(again.strip())
    assert again.strip() != link


def test_an_address_that_is_none_is_refused(prepared_home: Path) -> None:
    assert "no e-mail address" in complaint(deskhand(prepared_home, "create-admin", "ada", "--name", "Ada"))


def test_a_stranger_gets_no_link(prepared_home: Path) -> None:
    assert "No active person" in complaint(deskhand(prepared_home, "sign-in-link", "eve@other.example"))


MESSAGE = "From: cleo@acme.example\nTo: support@desk.localhost\nSubject: Hello\nMessage-ID: <1@acme.example>\n\nHi\n"


def test_a_piped_message_is_stored_before_the_command_succeeds(prepared_home: Path) -> None:
    done = deskhand(
        prepared_home, "mail", "--from", "cleo@acme.example", "--to", "support@desk.localhost", text=MESSAGE
    )
    assert (done.returncode, done.stderr) == (0, "")
    shell = (
        "from deskhand.mail.models import InboundMail as M; print(M.objects.values_list('subject', 'envelope_from'))"
    )
    found = deskhand(prepared_home, "django", "shell", "--no-imports", "-c", shell)
    assert "('Hello', 'cleo@acme.example')" in found.stdout


def test_the_mail_server_keeps_a_message_that_cannot_be_stored(tmp_path: Path) -> None:
    done = deskhand(tmp_path, "mail", text=MESSAGE, DATABASE_URL=AWAY)
    assert done.returncode == os.EX_TEMPFAIL
    assert "Traceback" not in done.stderr


def test_an_empty_message_is_no_message(tmp_path: Path) -> None:
    assert deskhand(tmp_path, "mail", DATABASE_URL=AWAY).returncode == os.EX_DATAERR


def test_the_check_lists_what_is_well_and_how_to_mend_the_rest(prepared_home: Path) -> None:
    done = deskhand(prepared_home, "check", DESKHAND_MAIL_DELIVERY="smtp", SMTP_HOST="127.0.0.1", SMTP_PORT="1")
    assert done.returncode == 1
    assert "ok       Migrations: all applied" in done.stdout
    assert "problem  Mail out: 127.0.0.1:1 does not answer" in done.stdout
    assert "SMTP_HOST" in done.stdout
    assert "problem  Worker: none is alive" in done.stdout


def test_the_check_tells_every_setting_that_cannot_be_used(tmp_path: Path) -> None:
    done = deskhand(tmp_path, "check", SMTP_PORT="x", DESKHAND_DEBUG="perhaps")
    assert done.returncode == 1
    assert "SMTP_PORT" in done.stdout
    assert "DESKHAND_DEBUG" in done.stdout


def test_the_check_tells_that_the_database_is_away(tmp_path: Path) -> None:
    done = deskhand(tmp_path, "check", DATABASE_URL=AWAY)
    assert done.returncode == 1
    assert "problem  Database" in done.stdout
    assert "hunter2" not in done.stdout


def test_a_reset_leaves_a_desk_alone_that_is_no_demo(prepared_home: Path) -> None:
    assert "leaves it alone" in complaint(deskhand(prepared_home, "demo", "--reset"))


def test_commands_leave_no_server_behind(prepared_home: Path) -> None:
    with Lease(prepared_home) as lease:
        pass
    assert deskhand(prepared_home, "migrate").returncode == 0
    assert lease.server.process() is None
