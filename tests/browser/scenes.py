"""Scenes for browser tests: tickets and messages made in a desk's database, through the real actions, in a moment.

`Scenes` is what tests use. It talks to scene_player.py, which runs in the desk's environment, one JSON object a line.
"""

import json
import subprocess
import sys
from typing import Any


class Scenes:
    """Makes and reads what a test needs. The cast goes by first name ("cleo", "ben")."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Start the player."""
        settings = {**environment, "DJANGO_SETTINGS_MODULE": "deskhand.project.settings"}
        command = [sys.executable, "-m", "tests.browser.scene_player"]
        self._process = subprocess.Popen(
            command, env=settings, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ticket(self, subject: str, text: str = "It spins.", *, by: str = "cleo") -> int:
        """Open a ticket through the portal and return its number."""
        return int(self._play("ticket", subject=subject, text=text, by=by))

    def client_reply(self, number: int, text: str) -> None:
        """Answer as Cleo, through the portal."""
        self._play("client_reply", number=number, text=text)

    def staff_reply(self, number: int, text: str, *, close: bool = False) -> None:
        """Answer as Ben; the ticket awaits the client then, or is closed."""
        self._play("staff_reply", number=number, text=text, close=close)

    def team_message(self, number: int, text: str) -> None:
        """Write to the team as Ben."""
        self._play("team_message", number=number, text=text)

    def assign_to_ben(self, number: int) -> None:
        """Give a ticket to Ben, who is told of it."""
        self._play("assign_to_ben", number=number)

    def client_over_allowance(self, name: str, *, contact: str, address: str) -> None:
        """Make a client with one contact, looked after by Ben, whose allowance of an hour is 30 minutes over."""
        self._play("client_over_allowance", name=name, contact=contact, address=address)

    def close_office(self) -> None:
        """Let the desk's office open three days from now, and put Ben on call."""
        self._play("close_office")

    def open_office(self) -> None:
        """Keep office hours again as a new desk does, with nobody on call."""
        self._play("open_office")

    def topic(self, number: int) -> str:
        """Return the topic under which open pages hear of a ticket."""
        return str(self._play("topic", number=number))

    def sign_in_link(self, address: str) -> str:
        """Return a fresh one-time link."""
        return str(self._play("sign_in_link", address=address))

    def written(self, number: int) -> list[str]:
        """Return the texts of a ticket's messages that clients read, oldest first."""
        found: list[str] = self._play("written", number=number)
        return found

    def written_to_team(self, number: int) -> list[str]:
        """Return the texts of a ticket's team messages, oldest first."""
        found: list[str] = self._play("written_to_team", number=number)
        return found

    def drafts(self, number: int) -> dict[str, str]:
        """Return the stored drafts of a ticket that hold any text, by audience."""
        found: dict[str, str] = self._play("drafts", number=number)
        return found

    def addresses(self) -> dict[str, str]:
        """Return the address of every route that answers a GET, by name; what it speaks of is made first."""
        found: dict[str, str] = self._play("addresses")
        return found

    def close(self) -> None:
        """End the player."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _play(self, what: str, **details: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, details]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the scene could not be played; the traceback stands above"
        return json.loads(answer)
