"""Takes the README's screenshots from the running demo, at the sizes people use."""

import os
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
DESKTOP, PHONE = (1440, 900), (390, 844)
AGENT, CONTACT = "priya@harbourpine.example", "alex@bramley.example"
SUBJECT = "Checkout stalls after choosing a delivery date"
SHOTS = [
    ("workspace-light", AGENT, "/workspace/inbox", DESKTOP, "light"),
    ("workspace-dark", AGENT, "/workspace/inbox", DESKTOP, "dark"),
    ("workspace-phone", AGENT, "/workspace/inbox", PHONE, "light"),
    ("portal-light", CONTACT, "/", DESKTOP, "light"),
    ("portal-ticket", CONTACT, "/", DESKTOP, "light"),
    ("portal-phone", CONTACT, "/", PHONE, "light"),
]


def sign_in_link(address: str) -> str:
    """Return a fresh one-time link from the running demo."""
    command = [sys.executable, "-m", "deskhand.project.cli", "sign-in-link", address]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 -- our own command
    found = re.search(r"https?://\S+", done.stdout)
    if found is None:
        sys.exit("Start the demo first: bin/demo")
    return found.group()


def take(browser: Browser, name: str, who: str, path: str, size: tuple[int, int], theme: str) -> None:
    """Sign in, go to the page and keep its picture."""
    viewport = ViewportSize(width=size[0], height=size[1])
    context = browser.new_context(viewport=viewport, color_scheme="dark" if theme == "dark" else "light")
    page = context.new_page()
    page.goto(sign_in_link(who))
    base = "/".join(page.url.split("/")[:3])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    page.goto(base + path)
    if name in {"workspace-light", "workspace-dark", "portal-ticket"}:
        page.get_by_role("link", name=SUBJECT).first.click()
        page.get_by_role("textbox").last.wait_for()
        page.get_by_text("Thanks Alex, I can see failed attempts").last.wait_for()
    page.wait_for_load_state("networkidle" if name.startswith("portal") else "load")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


def main() -> None:
    """Take every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            take(browser, *shot)
        browser.close()


if __name__ == "__main__":
    main()
