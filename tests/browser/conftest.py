"""A running desk and a Chromium for every browser test of this process."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from tests.browser.running_desk import RunningDesk, running_desk, skip_without_chromium
from tests.browser.scenes import Scenes

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
def scenes(desk: RunningDesk) -> Iterator[Scenes]:
    """Return the maker of tickets and messages in the desk."""
    player = Scenes(desk.environment)
    yield player
    player.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return Debian's Chromium."""
    path = skip_without_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Browsers:
    """Opens pages, each in a browser profile of its own, and notes what their consoles complain of."""

    def __init__(self, desk: RunningDesk, chromium: Browser, scenes: Scenes, sessions: dict[str, StorageState]) -> None:
        """Take `sessions` along: who signed in once stays so, by address."""
        self._desk, self._chromium, self._scenes, self._sessions = desk, chromium, scenes, sessions
        self._contexts: list[BrowserContext] = []
        self.noise: list[str] = []

    def new_page(
        self,
        *,
        signed_in_as: str = "",
        size: tuple[int, int] = DESKTOP,
        theme: str = "light",
        refusals: tuple[int, ...] = (),
        scripts: bool = True,
    ) -> Page:
        """Open a page. `refusals` are the statuses a test provokes: Chromium notes each answer from 400 on."""
        context = self._chromium.new_context(
            base_url=self._desk.url,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            storage_state=self._sessions.get(signed_in_as),
            reduced_motion="reduce",
            java_script_enabled=scripts,
            bypass_csp=False,
        )
        self._contexts.append(context)
        expected = tuple(f"the server responded with a status of {status}" for status in refusals)
        page = context.new_page()
        page.on(
            "console",
            lambda message: (
                self.noise.append(f"{page.url}: {message.text}")
                if message.type == "error" and not any(words in message.text for words in expected)
                else None
            ),
        )
        page.on("pageerror", lambda error: self.noise.append(f"{page.url}: {error}"))
        if signed_in_as:
            self._sign_in(page, signed_in_as)
        return page

    def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()

    def _sign_in(self, page: Page, address: str) -> None:
        page.goto("/")
        if "/sign-in" not in page.url:
            return
        page.goto(self._scenes.sign_in_link(address))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        self._sessions[address] = page.context.storage_state()


@pytest.fixture(scope="session")
def sessions() -> dict[str, StorageState]:
    """Return where sessions are kept between tests."""
    return {}


@pytest.fixture(scope="module")
def browsers(
    desk: RunningDesk, chromium: Browser, scenes: Scenes, sessions: dict[str, StorageState]
) -> Iterator[Browsers]:
    """Return an opener of pages that stay for the whole module; its tests look at `noise` themselves."""
    opener = Browsers(desk, chromium, scenes, sessions)
    yield opener
    opener.close()


@pytest.fixture
def new_page(
    desk: RunningDesk, chromium: Browser, scenes: Scenes, sessions: dict[str, StorageState]
) -> Iterator[NewPage]:
    """Return an opener of pages for one test; a noisy console fails it."""
    opener = Browsers(desk, chromium, scenes, sessions)
    yield opener.new_page
    opener.close()
    assert opener.noise == [], "the browser's console was not silent"
