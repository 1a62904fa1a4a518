"""Addresses of built front-end files. Vite writes their hashed names into static/manifest.json."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static

STATIC = Path(__file__).resolve().parent / "static"


class FrontEndNotBuilt(RuntimeError):
    """The built files are absent or do not hold what a template asks for; the message says what to do."""


def asset(source: str) -> str:
    """Return the address of what `source`, a path below frontend/ such as "js/portal.js", was built into.

    Raises FrontEndNotBuilt when there is no build or the build does not know `source`.
    """
    entries = built("manifest.json")
    if source not in entries:
        raise FrontEndNotBuilt(f"{source} is not in the built front end. {_REMEDY}")
    return static(str(entries[source]["file"]))


def asset_imports(source: str) -> list[str]:
    """Return the addresses of the chunks that `source` imports, so that the page can ask for all of them at once."""
    entries = built("manifest.json")
    found: dict[str, None] = {}
    pending = list(entries.get(source, {}).get("imports", []))
    while pending:
        name = pending.pop()
        if name not in found:
            found[name] = None
            pending.extend(entries[name].get("imports", []))
    return [static(str(entries[name]["file"])) for name in found]


def built(name: str) -> dict[str, Any]:
    """Return the JSON file `name` of the build, read once a process; with DEBUG, again whenever it has changed."""
    path = STATIC / name
    try:
        changed_at = path.stat().st_mtime_ns if settings.DEBUG else 0
        return _read(path, changed_at)
    except FileNotFoundError as error:
        raise FrontEndNotBuilt(f"{path} does not exist. {_REMEDY}") from error


_REMEDY = (
    "Build the front end: run `npm ci` and `npm run build` in frontend/, with the Node in .venv/bin first in PATH."
)


@lru_cache(maxsize=8)
def _read(path: Path, _changed_at: int) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
