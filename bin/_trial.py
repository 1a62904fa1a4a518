"""Starts `deskhand up` of the command named, waits for the sign-in page, and stops it: exit 0 when all of it worked."""

import os
import sys
from pathlib import Path

from bin._desk import running


def main() -> None:
    """Run the trial."""
    with running(Path(os.environ["DESKHAND_HOME"]), command=[sys.argv[1]], awaited="/sign-in"):
        pass


if __name__ == "__main__":
    main()
