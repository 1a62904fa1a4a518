import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from procrastinate.contrib.django import app

from deskhand.project.working import IN_FIRST, IN_OTHERS
from tests.project.desks import DEADLINE_SECONDS, command, environment, wait_until, words


def test_every_job_has_a_queue_that_is_worked_off() -> None:
    ours = {task.queue for task in app.tasks.values() if not task.name.startswith(("builtin:", "procrastinate."))}
    assert ours == set(IN_FIRST)
    assert set(IN_OTHERS) < set(IN_FIRST)


class Worker:
    """A running `deskhand worker`."""

    def __init__(self, home: Path) -> None:
        self.log = home / "worker.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command("worker"), env=environment(home), stdout=log, stderr=log)

    def beside(self) -> list[psutil.Process]:
        """Return the processes that work beside the first one."""
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if "worker" in words(child)]

    def works(self) -> bool:
        """Whether all of them have begun: then each has a thread beside its first."""
        beside = self.beside()
        return bool(beside) and all(one.num_threads() > 1 for one in [psutil.Process(self.process.pid), *beside])


@pytest.fixture
def worker(prepared_home: Path) -> Iterator[Worker]:
    if len(os.sched_getaffinity(0)) == 1:
        pytest.skip("on one processor a worker is one process")
    running = Worker(prepared_home)
    try:
        wait_until(running.works, "the worker works")
        yield running
    finally:
        running.process.kill()
        running.process.wait(DEADLINE_SECONDS)


def is_gone(processes: list[psutil.Process]) -> Callable[[], bool]:
    return lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in processes)


def test_all_its_processes_end_when_it_is_told_to(worker: Worker) -> None:
    beside = worker.beside()
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(DEADLINE_SECONDS) == 0
    assert is_gone(beside)()


def test_it_ends_with_an_error_when_it_loses_one(worker: Worker) -> None:
    worker.beside()[0].kill()
    assert worker.process.wait(DEADLINE_SECONDS) == 1
    assert "a process of the worker ended" in worker.log.read_text()


def test_the_others_end_when_it_is_killed(worker: Worker) -> None:
    beside = worker.beside()
    worker.process.kill()
    wait_until(is_gone(beside), "the processes beside it have ended")
