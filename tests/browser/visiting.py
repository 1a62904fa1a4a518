"""Opening a page as far as a person needs who is about to use it."""

from playwright.sync_api import Locator, Page, expect


def visit(page: Page, path: str) -> None:
    """Go to a page, and wait until the scripts that it needs have come."""
    page.goto(path)
    page.locator("html[data-loaded]").wait_for(state="attached")


def editor_of(page: Page, label: str) -> Locator:
    """Go into the composer's text, and return its editor once that has taken the plain text area's place."""
    page.get_by_role("textbox", name=label, exact=True).focus()
    editor = page.locator(f'.ProseMirror[aria-label="{label}"]')
    expect(editor).to_be_focused()
    return editor
