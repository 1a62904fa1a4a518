"""Names of mail domains: what can be one, and which nobody can own."""

import re

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"^(?:{_LABEL}\.)+{_LABEL}$")
_LONGEST = 253

_PUBLIC = """
aol.com btinternet.com fastmail.com free.fr gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com
hey.com hotmail.com hotmail.co.uk icloud.com laposte.net libero.it live.com live.co.uk mac.com mail.com mail.ru
me.com msn.com orange.fr outlook.com pm.me proton.me protonmail.com qq.com sky.com t-online.de talktalk.net
tutanota.com virginmedia.com wanadoo.fr web.de yahoo.com yahoo.co.uk yahoo.de yahoo.fr yandex.ru ymail.com zoho.com
"""
PUBLIC = frozenset(_PUBLIC.split())
"""Domains where anybody gets an address; as a client's own they would let strangers in."""


class DomainNotValid(ValueError):
    """The text is no domain a client can have; the message says why."""


def domain_name(text: str) -> str:
    """Return the domain a client can have, without a leading "@", as `ascii_name_of` does. Raises DomainNotValid."""
    ascii_name = ascii_name_of(text.strip().removeprefix("@"))
    if ascii_name in PUBLIC:
        raise DomainNotValid(f"Anybody can have an address at {ascii_name}. Only enter domains the client owns.")
    return ascii_name


def ascii_name_of(domain: str) -> str:
    """Return any domain in lower case and in its ASCII form (RFC 5890). Raises DomainNotValid."""
    name = domain.strip().rstrip(".").lower()
    try:
        ascii_name = name.encode("idna").decode()
    except UnicodeError:
        ascii_name = ""
    if len(ascii_name) > _LONGEST or not _DOMAIN.match(ascii_name):
        raise DomainNotValid(f"“{name[:60]}” is no domain. Write it as in an e-mail address: example.com")
    return ascii_name
