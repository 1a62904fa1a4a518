"""Statements as files to download: CSV and PDF, for both faces."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.text import slugify
from PIL import ImageFile

from deskhand.accounts.models import Desk
from deskhand.allowances.statements import Statement, statement_rows
from deskhand.core.tables import csv_file

logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # seven lines a file otherwise

_STYLE = Path(__file__).with_name("statement.css")
_HOW_TO_MEND = (
    "PDF files cannot be made on this server: Pango is missing. Whoever runs it installs the packages libpango-1.0-0, "
    "libpangoft2-1.0-0 and libharfbuzz-subset0; the page itself can be printed meanwhile."
)


class PdfNotAvailable(RuntimeError):
    """The libraries that draw PDF files are missing; the message says which."""


def csv_answer(rows: list[list[str | int]], name: str) -> HttpResponse:
    """Answer with rows as a CSV file to save."""
    return _download(csv_file(rows), f"{name}.csv", "text/csv; charset=utf-8")


def statement_csv(statement: Statement) -> HttpResponse:
    """Answer with a statement as a CSV file."""
    return csv_answer(statement_rows(statement), file_name(statement))


def statement_pdf(statement: Statement, *, at: datetime) -> HttpResponse:
    """Answer with a statement as a PDF file. Raises PdfNotAvailable."""
    context = {"statement": statement, "desk": Desk.current(), "made_at": at, "now": at}
    return _download(_pdf(context), f"{file_name(statement)}.pdf", "application/pdf")


def file_name(statement: Statement) -> str:
    """Return the name of a statement's file without its ending, such as "acme-maintenance-2026-11"."""
    words = slugify(f"{statement.client_name} {statement.plan_name}") or "statement"
    return f"{words}-{statement.month:%Y-%m}"


def _pdf(context: dict[str, Any]) -> bytes:
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise PdfNotAvailable(_HOW_TO_MEND) from error
    # WeasyPrint lets Pillow pass over missing parts of pictures, for the whole process. Uploads must be whole.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    # Nothing of a statement comes from elsewhere; whatever might is not fetched.
    fetcher = URLFetcher(allowed_protocols=[])
    html = HTML(string=render_to_string("web/statement.html", context), url_fetcher=fetcher)
    content: bytes = html.write_pdf(stylesheets=[CSS(filename=str(_STYLE))])
    return content


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
