"""A running desk and a Chromium for every browser test of this process."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.running_desk import RunningDesk, running_desk, skip_without_chromium

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DESKTOP = (1440, 900)
PHONE = (390, 844)

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def desk() -> Iterator[RunningDesk]:
    """Return a desk with the cast in it, started as in production."""

    def prepare(environment: dict[str, str]) -> None:
        settings = {**environment, "DJANGO_SETTINGS_MODULE": "deskhand.project.settings"}
        subprocess.run([sys.executable, "-m", "tests.browser.prepare"], env=settings, check=True)

    with running_desk(prepare) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return Debian's Chromium."""
    path = skip_without_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(desk: RunningDesk, chromium: Browser) -> Iterator[NewPage]:
    """Return a maker of pages, each in a browser profile of its own; a noisy console fails the test."""
    contexts: list[BrowserContext] = []
    noise: list[str] = []

    def make(*, signed_in_as: str = "", size: tuple[int, int] = DESKTOP, theme: str = "light") -> Page:
        context = chromium.new_context(
            base_url=desk.url,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            bypass_csp=False,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: noise.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: noise.append(str(error)))
        if signed_in_as:
            page.goto(desk.sign_in_link(signed_in_as))
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield make
    for context in contexts:
        context.close()
    assert noise == [], "the browser's console was not silent"
