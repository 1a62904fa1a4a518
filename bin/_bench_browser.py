"""A person at a browser, as the measurements play one: signed in, on one connection that is kept."""

import gzip
import http.client
import os
import re
import sys
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from bin._bench_plan import Page

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Browser:
    """One kept connection, signed in. Exits where an answer is not the one expected."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("localhost", port, timeout=60)
        self.cookie = f"sessionid={session}"

    def get(self, path: str) -> str:
        """Return the page."""
        return self._ask(path)[1].decode()

    def load(self, path: str) -> tuple[str, int]:
        """Return a page, script or style, and its bytes on the wire, headers included."""
        answer, content = self._ask(path, **{"Accept-Encoding": "gzip"})
        is_packed = answer.headers["Content-Encoding"] == "gzip"
        return (gzip.decompress(content) if is_packed else content).decode(), len(content) + len(str(answer.headers))

    def asker(self, page: Page) -> Callable[[], object]:
        """Return what asks for the page, or sends its form."""
        return self.sender(page) if page.fields else lambda: self.get(page.path)

    def sender(self, page: Page) -> Callable[[], None]:
        """Return what sends the page's form, each time as one new form."""
        answer, content = self._ask(page.path)
        token = _TOKEN.search(content.decode())
        cookies = re.findall(r"csrftoken=\w+", str(answer.headers))
        headers = {
            "Cookie": "; ".join([self.cookie, *cookies[:1]]),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        fields = page.fields | {"csrfmiddlewaretoken": token[1] if token else ""}

        def send() -> None:
            body = urlencode(fields | {"idempotency_key": os.urandom(16).hex()})
            self.connection.request("POST", page.path, body=body, headers=headers)
            self._answer(page.path, HTTPStatus.FOUND)

        return send

    def _ask(self, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        self.connection.request("GET", path, headers={"Cookie": self.cookie, **headers})
        return self._answer(path, HTTPStatus.OK)

    def _answer(self, path: str, expected: HTTPStatus) -> tuple[http.client.HTTPResponse, bytes]:
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != expected:
            sys.exit(f"{path} answers {answer.status}")
        return answer, content
