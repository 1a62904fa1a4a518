"""Counting the queries of a page, and going on to the next one."""

import html
import re

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext


def queries_of(browser: Browser, path: str) -> int:
    """Return how many queries it takes to show a page that exists."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


def next_page(page: str) -> str:
    """Return the address behind "Next page", "" on the last one."""
    found = re.search(r'href="([^"]+)"[^>]*>Next page', page)
    return html.unescape(found[1]) if found else ""
