"""Refuses what must not stand in the repository: folders of one machine and addresses of package registries."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = {
    re.compile(rb"(?<![\w.])/(?:work|root|home/[a-z])/"): "a folder of one machine",
    re.compile(rb"registry[.]npmjs|registry[.]yarnpkg|files[.]pythonhosted|pypi[.]org/simple"): "a package registry",
}
# Real mail, kept as it came, may name anything.
EXEMPT = ("tests/mail/samples/",)


def complaints(path: str, content: bytes) -> list[str]:
    """Return a sentence for each line of the file that holds something forbidden."""
    return [
        f"{path}:{number}: names {what}"
        for number, line in enumerate(content.splitlines(), 1)
        for pattern, what in FORBIDDEN.items()
        if pattern.search(line)
    ]


def main() -> None:
    """Check every tracked file of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 -- a developer's git
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    names = [name for name in listed if name and not name.startswith(EXEMPT) and (ROOT / name).is_file()]
    problems = [problem for name in names for problem in complaints(name, (ROOT / name).read_bytes())]
    sys.exit("\n".join(problems) or 0)


if __name__ == "__main__":
    main()
