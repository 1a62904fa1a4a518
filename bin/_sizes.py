"""Refuses source files over 500 lines and functions over 60, unless pyproject.toml gives a reason.

Migrations are exempt: they are generated, and never edited after their release.
Reasons stand in `[tool.deskhand.sizes]`: "path" = "why" for a file, "path:function" = "why" for a
function. A reason no longer needed is refused too.
"""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

LONGEST_FILE = 500
LONGEST_FUNCTION = 60
SOURCES = (".py", ".html", ".css", ".js", ".sh")
ROOT = Path(__file__).resolve().parent.parent


def too_long(path: Path, text: str) -> Iterator[tuple[str, str]]:
    """Yield each thing in the file that is over its limit: its name in the reasons, and what to say."""
    lines = text.count("\n")
    if lines > LONGEST_FILE:
        yield str(path), f"{path} has {lines} lines (limit {LONGEST_FILE})"
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    yield (
                        f"{path}:{node.name}",
                        f"{path}:{node.lineno} {node.name} has {length} lines (limit {LONGEST_FUNCTION})",
                    )


def complaints(sources: dict[Path, str], reasons: dict[str, str]) -> list[str]:
    """Return a sentence for whatever is too long without a reason, and for every reason without need."""
    found = dict(finding for path, text in sources.items() for finding in too_long(path, text))
    missing = [sentence for name, sentence in found.items() if not reasons.get(name, "").strip()]
    unneeded = [f"{name}: its reason in pyproject.toml is no longer needed" for name in reasons if name not in found]
    return missing + unneeded


def main() -> None:
    """Check every tracked source file of the repository."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 -- a developer's git
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    paths = [Path(name) for name in listed if name.endswith(SOURCES) and (ROOT / name).is_file()]
    paths = [path for path in paths if path.parent.name != "migrations"]
    sources = {path: (ROOT / path).read_text() for path in paths}
    problems = complaints(sources, project["tool"].get("deskhand", {}).get("sizes", {}))
    sys.exit("\n".join(problems) or 0)


if __name__ == "__main__":
    main()
