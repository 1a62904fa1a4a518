import os
import pwd
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from deskhand.project.embedded import EmbeddedServerError, Lease
from tests.project.desks import wait_until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="about what root must not do")


def modes(path: Path) -> dict[Path, int]:
    return {folder: folder.stat().st_mode for folder in (path, *path.parents)}


def one(lease: Lease, query: str) -> object:
    with psycopg.connect(lease.url) as connection:
        row = connection.execute(query).fetchone()
        assert row
        return row[0]


def test_serves_an_ordinary_role_by_a_private_socket_alone(home: Path) -> None:
    with Lease(home) as lease:
        assert one(lease, "SELECT current_database()") == "deskhand"
        assert one(lease, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert one(lease, "SHOW listen_addresses") == ""
        assert one(lease, "SHOW data_checksums") == "on"
        assert one(lease, "SELECT lower('ÄÉ')") == "äé"
        assert stat.S_IMODE(lease.server.socket_folder().stat().st_mode) == 0o700
        process = lease.server.process()
        assert process is not None
        assert process.uids().real != 0
    assert not process.is_running() or process.status() == "zombie"


def test_keeps_its_data_from_one_start_to_the_next(home: Path) -> None:
    with Lease(home) as lease, psycopg.connect(lease.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    with Lease(home) as lease:
        assert one(lease, "SELECT number FROM kept") == 42


@as_root
def test_leaves_closed_folders_closed_and_serves_from_elsewhere(closed_folder: Path) -> None:
    lines: list[str] = []
    before = modes(closed_folder)
    with Lease(closed_folder / "desk" / "home", announce=lines.append) as lease:
        assert one(lease, "SELECT 1") == 1
        assert not lease.server.place.folder.is_relative_to(closed_folder)
    assert modes(closed_folder) == before
    assert len(lines) == 1
    with Lease(closed_folder / "desk" / "home", announce=lines.append) as lease:
        assert one(lease, "SELECT 1") == 1
    assert len(lines) == 1
    assert modes(closed_folder) == before


@as_root
def test_lets_no_other_user_in(home: Path) -> None:
    with Lease(home) as lease:
        url, nobody = lease.url, pwd.getpwnam("nobody")
        child = os.fork()
        if child == 0:
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            try:
                psycopg.connect(url)
            except psycopg.OperationalError as error:
                os._exit(0 if "Permission denied" in str(error) else 2)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        rules = (lease.server.place.data / "pg_hba.conf").read_text()
        assert rules == "local all all peer map=desk\n"


def test_two_desks_run_side_by_side(home: Path) -> None:
    with Lease(home / "first") as first, Lease(home / "second") as second:
        assert first.url != second.url
        assert one(first, "SELECT pg_postmaster_start_time()") != one(second, "SELECT pg_postmaster_start_time()")


def test_runs_until_the_last_who_needs_it_is_gone(home: Path) -> None:
    with Lease(home) as outer:
        with Lease(home) as inner:
            assert inner.url == outer.url
        assert one(outer, "SELECT 1") == 1
    assert outer.server.process() is None


def test_many_may_ask_for_it_at_once(home: Path) -> None:
    script = f"""
import pathlib, psycopg
from deskhand.project.embedded import Lease
with Lease(pathlib.Path({str(home)!r})) as lease:
    psycopg.connect(lease.url).execute("SELECT 1")
"""
    asking = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(4)]
    assert [process.wait(60) for process in asking] == [0, 0, 0, 0]


def test_starts_again_after_it_was_killed(home: Path) -> None:
    with Lease(home) as lease:
        process = lease.server.process()
        assert process is not None
        process.send_signal(signal.SIGKILL)
        wait_until(lambda: lease.server.process() is None, "the server is gone")
        assert lease.revive()
        assert not lease.revive()
        assert one(lease, "SELECT 1") == 1


def test_a_number_reused_by_another_program_does_not_stop_the_start(home: Path) -> None:
    with Lease(home) as lease:
        pid_file = lease.server.place.data / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:], ""]))
    with Lease(home) as lease:
        assert one(lease, "SELECT 1") == 1


def test_a_deep_data_folder_gets_a_short_socket(home: Path) -> None:
    with Lease(home / ("deep" * 25)) as lease:
        assert one(lease, "SELECT 1") == 1
        folder = lease.server.socket_folder()
        assert len(str(folder)) < 86
    folder.rmdir()


def test_an_interrupted_first_start_leaves_nothing_half_made(home: Path) -> None:
    with Lease(home) as lease:
        place = lease.server.place
    place.account.run("rm", "-rf", place.data)
    place.account.run("mkdir", place.folder / "data.partial")
    place.account.run("touch", place.folder / "data.partial" / "PG_VERSION")
    with Lease(home) as lease:
        assert one(lease, "SELECT 1") == 1


def test_a_failed_start_shows_the_end_of_the_log(home: Path) -> None:
    with (
        pytest.raises(EmbeddedServerError, match=r"(?s)did not start.*no_such_setting"),
        Lease(home, options=("no_such_setting=1",)),
    ):
        pass


def test_data_of_an_unknown_version_is_left_alone(home: Path) -> None:
    with Lease(home) as lease:
        version = lease.server.place.data / "PG_VERSION"
    version.write_text("12\n")
    with pytest.raises(EmbeddedServerError, match="PostgreSQL 12"), Lease(home):
        pass


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedServerError, match="DESKHAND_HOME"), Lease(tmp_path / "file" / "home"):
        pass
