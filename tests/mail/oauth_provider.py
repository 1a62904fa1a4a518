"""A provider of tokens on a real socket: it gives them, says whether they hold, and misbehaves when told to."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qs

from tests.core.web_servers import Asked, Said, Site, serving

CLIENT_ID = "desk"
CLIENT_SECRET = "client secret & more"


@dataclass
class TokenProvider:
    """What the provider knows. `answers` are said first, one a question, instead of what it would say."""

    user: str = "support"
    refresh_token: str = "refresh-1"
    expires_in: object = 3600
    rotates: bool = False
    codes: dict[str, str] = field(default_factory=dict)
    """Codes that hold, each with its PKCE challenge."""
    holding: set[str] = field(default_factory=set)
    answers: list[Said] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    site: Site = field(default_factory=lambda: Site(0))
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def token_url(self) -> str:
        return self.site.url("/token")

    @property
    def introspection_url(self) -> str:
        return self.site.url("/introspect")

    def answer(self, asked: Asked) -> Said:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if asked.path == "/introspect":
            is_active = form.get("token") in self.holding
            return _json({"active": is_active, "username": self.user} if is_active else {"active": False})
        self.asked.append(form)
        return self.answers.pop(0) if self.answers else self._token_answer(form)

    def _token_answer(self, form: dict[str, str]) -> Said:
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _json({"error": "invalid_client", "error_description": "Wrong <b>secret</b>."}, 401)
        if form["grant_type"] == "authorization_code":
            challenge = urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
            if self.codes.pop(form["code"], None) != challenge:
                return _json({"error": "invalid_grant", "error_description": "The code is over."}, 400)
            return self._tokens(is_first=True)
        if form["refresh_token"] != self.refresh_token:
            return _json(
                {"error": "invalid_grant", "error_description": "AADSTS700082: The refresh token is over."}, 400
            )
        return self._tokens(is_first=False)

    def _tokens(self, *, is_first: bool) -> Said:
        number = next(self._numbers)
        access = f"access-{number}"
        self.holding.add(access)
        said: dict[str, object] = {"access_token": access, "token_type": "Bearer", "expires_in": self.expires_in}
        if self.rotates:
            self.refresh_token = f"refresh-{number + 1}"
        if is_first or self.rotates:
            said["refresh_token"] = self.refresh_token
        return _json(said)


def _json(said: object, status: int = 200) -> Said:
    return Said(json.dumps(said).encode(), status, {"Content-Type": "application/json"})


@contextmanager
def token_provider() -> Iterator[TokenProvider]:
    """Run a provider."""
    provider = TokenProvider()
    with serving(provider.answer) as site:
        provider.site = site
        yield provider
