"""Signing in at an SMTP server (RFC 4954): by password, or by a token as Microsoft and Google ask for."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping

Answer = Callable[[bytes | None], str]
"""From what the server asks to what is said; None for the first word, which nobody asked for."""
Say = Callable[[str], tuple[int, bytes]]
"""Says a line to the server, and returns the code and words of its answer."""
SIGNED_IN = 235
_CHALLENGE = 334
_MOST_CHALLENGES = 5


class NoWay(Exception):
    """The server offers no way to sign in that fits."""

    def __init__(self, offered: str) -> None:
        super().__init__(f"The server offers no way to sign in that fits ({offered.strip() or 'none at all'}).")


def sign_in(say: Say, *, offered: str, user: str, password: str, access_token: str) -> tuple[int, bytes]:
    """Sign in by the token where there is one, else by the password; returns the last answer, `SIGNED_IN` for a Yes.

    smtplib does it for ASCII only, and knows no tokens. `offered`: what the server says after AUTH. Every way that
    both sides know is tried with a password, because some servers offer what they then refuse. Raises NoWay, and what
    `say` raises.
    """
    ways = _by_token(user, access_token) if access_token else _by_password(user, password)
    names = [name for name in ways if name in offered.upper().split()]
    if not names:
        raise NoWay(offered)
    code, words = 0, b""
    for name in names[:1] if access_token else names:
        code, words = _tried(say, name, ways[name])
        if code == SIGNED_IN:
            break
    return code, words


def _tried(say: Say, name: str, answer: Answer) -> tuple[int, bytes]:
    code, words = say(f"AUTH {name} {_coded(answer(None))}".rstrip())
    asked = b""
    for _ in range(_MOST_CHALLENGES):
        if code != _CHALLENGE:
            break
        asked = _decoded(words)
        code, words = say(_coded(answer(asked)))
    if code == SIGNED_IN or not asked.startswith(b"{"):
        return code, words
    # Before a No to a token comes a challenge that says why (RFC 7628 §3.2.2); it holds nothing of ours.
    return code, words + b" " + asked[:500]


def _by_token(user: str, token: str) -> Mapping[str, Answer]:
    """A No comes with its reason as a challenge, to which an empty line is the answer."""
    xoauth2 = f"user={user}\x01auth=Bearer {token}\x01\x01"
    bearer = f"n,a={user.replace('=', '=3D').replace(',', '=2C')},\x01auth=Bearer {token}\x01\x01"
    return {
        "XOAUTH2": lambda asked: xoauth2 if asked is None else "",
        "OAUTHBEARER": lambda asked: bearer if asked is None else "\x01",
    }


def _by_password(user: str, password: str) -> Mapping[str, Answer]:
    def cram_md5(asked: bytes | None) -> str:
        return f"{user} {hmac.new(password.encode(), asked, 'md5').hexdigest()}" if asked else ""

    def login(asked: bytes | None) -> str:
        # Some servers pass over the first word, and ask for the name again.
        return user if asked is None or asked.lower().startswith(b"user") else password

    return {"CRAM-MD5": cram_md5, "PLAIN": lambda _: f"\0{user}\0{password}", "LOGIN": login}


def _coded(text: str) -> str:
    return b64encode(text.encode()).decode()


def _decoded(words: bytes) -> bytes:
    try:
        return b64decode(words)
    except ValueError:
        return words
