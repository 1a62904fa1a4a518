"""What takes too long ends the process; what ends in time, and what others do meanwhile, is left alone."""

import subprocess
import sys

HANGS = 'import re; re.match(r"(a+)+$", "a" * 60 + "b")'
"""A regular expression that keeps Python's lock for longer than anybody lives."""


def run(*lines: str) -> "subprocess.CompletedProcess[str]":
    program = "\n".join(["from deskhand.core.wall_clock import ending_after", *lines])
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)


def test_what_hangs_ends_the_process_and_says_where() -> None:
    ended = run("with ending_after(0.2):", f"    {HANGS}")
    assert ended.returncode == 1
    assert "Timeout" in ended.stderr
    assert 'File "<string>", line 3' in ended.stderr


def test_the_limit_that_ends_first_counts_also_when_another_ended_before() -> None:
    ended = run(
        "with ending_after(0.2):",
        "    with ending_after(1000):",
        "        pass",
        f"    {HANGS}",
    )
    assert ended.returncode == 1


def test_nothing_happens_after_the_block() -> None:
    ended = run(
        "import threading",
        "with ending_after(0.2):",
        "    pass",
        "threading.Event().wait(0.5)  # the alarm would ring meanwhile",
        "print('still here')",
    )
    assert (ended.returncode, ended.stdout) == (0, "still here\n")


def test_an_error_takes_its_limit_with_it() -> None:
    ended = run(
        "import threading",
        "try:",
        "    with ending_after(0.2):",
        "        raise LookupError",
        "except LookupError:",
        "    threading.Event().wait(0.5)",
        "print('still here')",
    )
    assert ended.stdout == "still here\n"
