"""What is asked of a seeded desk: pages, by whom, and the SQL statements behind each."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Page:
    """One page: who asks for it, and what its statements are. `fields` are those of a form that is sent."""

    name: str
    path: str
    session: str
    fields: dict[str, str]
    statements: list[str]
    """Empty where a statement cannot be noted with its values."""
    blocks: int
    """How many of the database's blocks the reading statements touch: a measure that no other load moves."""


@dataclass(frozen=True)
class Plan:
    """What is asked of one desk."""

    tickets: int
    newest_id: int
    """The highest id of a ticket."""
    database: str
    pages: list[Page]

    @classmethod
    def of(cls, home: Path) -> Self:
        """Have another process open the desk of a folder and make the plan. Exits where it cannot."""
        command = [sys.executable, "-m", "bin._bench_planning", str(home)]
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- our own
        if done.returncode:
            sys.exit(done.returncode)
        said = json.loads(done.stdout.splitlines()[-1])  # a desk that was migrated first has said so
        return cls(**said | {"pages": [Page(**page) for page in said["pages"]]})

    def page(self, name: str) -> Page:
        """Return the page of this name."""
        return next(page for page in self.pages if page.name == name)
