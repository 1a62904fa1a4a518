"""What our own mail server found out about a sender (RFC 8601), and nothing anyone else claims.

Only Authentication-Results fields that stand above the first Received field and carry the authserv-id of our own
server are believed: whatever stands lower came with the mail and may be forged.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from deskhand.mail.message import Headers

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"^\s*(dmarc|dkim|spf)\s*(?:/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?:header\.(?:from|d|i)|smtp\.(?:mailfrom|from))\s*=\s*\"?(?:[^\s;\"@]*@)?([^\s;\"@]+)", re.IGNORECASE
)
_FAILURES = {"fail", "permerror"}


@dataclass(frozen=True)
class Authentication:
    """`is_proven`: the domain of From vouches for this mail. `is_refuted`: it says the mail is not from there.

    Neither, when our server said nothing.
    """

    is_proven: bool = False
    is_refuted: bool = False


@dataclass(frozen=True)
class _Result:
    method: str
    result: str
    domains: tuple[str, ...]


def read_authentication(headers: Headers, *, from_address: str, servers: Collection[str]) -> Authentication:
    """Return what the trusted `servers` (authserv-ids) say about mail from the domain of `from_address`."""
    domain = from_address.rpartition("@")[2].lower()
    results = [one for value in _trusted(headers, servers) for one in _results(value)]
    dmarc = {one.result for one in results if one.method == "dmarc" and domain in (one.domains or {domain})}
    if dmarc & _FAILURES:
        return Authentication(is_refuted=True)
    aligned = "pass" in dmarc or any(
        one.method == "dkim" and one.result == "pass" and any(_is_aligned(name, domain) for name in one.domains)
        for one in results
    )
    return Authentication(is_proven=aligned)


def _trusted(headers: Headers, servers: Collection[str]) -> list[str]:
    wanted = {server.lower() for server in servers}
    found: list[str] = []
    for name, value in headers:
        if name.lower() == "received":
            break
        if name.lower() == "authentication-results":
            words = _COMMENT.sub(" ", value).partition(";")[0].split()
            if words and words[0].lower() in wanted:
                found.append(value)
    return found


def _results(value: str) -> list[_Result]:
    found = []
    for part in _COMMENT.sub(" ", value).split(";")[1:]:
        if match := _RESULT.match(part):
            domains = tuple(one.lower().rstrip(".") for one in _DOMAIN.findall(part))
            found.append(_Result(match[1].lower(), match[2].lower(), domains))
    return found


def _is_aligned(signed: str, domain: str) -> bool:
    """Relaxed alignment without a list of public suffixes: the same domain, or one that From's domain is under."""
    return signed == domain or (signed.count(".") >= 1 and domain.endswith(f".{signed}"))
