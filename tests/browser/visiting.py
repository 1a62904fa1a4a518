"""Opening a page as far as a person needs who is about to use it."""

from playwright.sync_api import Page


def visit(page: Page, path: str) -> None:
    """Go to a page, and wait until the scripts that it needs have come."""
    page.goto(path)
    page.locator("html[data-loaded]").wait_for(state="attached")
