"""Writes docs/reference.md from the code."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhand.project.settings")
django.setup()

from deskhand.project.reference import page  # noqa: E402 -- models load only after Django

(Path(__file__).resolve().parent.parent / "docs" / "reference.md").write_text(page())
