"""Every template of the interfaces keeps to `script-src 'self'; style-src 'self'`, and to htmx without eval."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "deskhand"
TEMPLATES = sorted(
    path for app in ("ui", "web", "portal", "workspace") for path in (PACKAGE / app).glob("jinja2/**/*.html")
)
FORBIDDEN = {
    "an inline style": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script\b(?![^>]*\bsrc=)",
    "an inline handler": r"\son[a-z]+\s*=\s*[\"']",
    "hx-on": r"\bhx-on\b",
    "an evaluated value": r"[\"']js:",
    "a trigger filter": r"hx-trigger=\"[^\"]*\[",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_holds_nothing_the_policy_blocks(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{%-? (?:macro|if|elif) .*?%\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text)]
    assert not found
