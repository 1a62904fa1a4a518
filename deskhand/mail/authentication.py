"""What our own mail server found out about a sender (RFC 8601), and nothing anyone else claims.

Only Authentication-Results fields that stand above the first Received field and carry the authserv-id of our own
server are believed: whatever stands lower came with the mail and may be forged.

Parts of such a field are the sender's own words all the same (the address of the envelope stands in comments and
values), so it is read by its grammar: quoted strings and nested comments hold no results. What can be read in two ways
proves nothing.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from deskhand.mail.message import Headers

# Nothing here tries again what it took once: hostile fields are long.
_WORDS_OR_QUOTED = re.compile(r'[^"()]++|"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_MARK_IN_COMMENT = re.compile(r'\\.|["()]', re.DOTALL)
_NOT_OF_AN_ADDRESS = re.compile(r"[^\w.@+-]")
_RESULT = re.compile(r"\s*+([\w.-]++)\s*+(?:/\s*+\d++\s*+)?+=\s*+(\S++)")
_PROPERTY = re.compile(r"(?<!\S)(header\.(?:from|d|i)|smtp\.(?:mailfrom|from))\s*+=\s*+(\S++)", re.IGNORECASE)
_DMARC_FAILURE = re.compile(r"\bdmarc\s*+(?:/\s*+\d++\s*+)?+=\s*+(?:fail|permerror)\b", re.IGNORECASE)
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
    """One result; `domains` by the property that names them, as ("header.d", "desk.example"), in lower case."""

    method: str
    result: str
    domains: tuple[tuple[str, str], ...]

    def is_about(self, domain: str) -> bool:
        """Whether a result of DMARC is about this domain: it says so, or names none."""
        named = [name for by, name in self.domains if by == "header.from"] or [name for _, name in self.domains]
        return not named or domain in named

    def is_signed_for(self, domain: str) -> bool:
        """Whether a signature by this domain, or one it is under, was found good."""
        is_good = self.method == "dkim" and self.result == "pass"
        return is_good and any(_is_aligned(name, domain) for by, name in self.domains if by in {"header.d", "header.i"})


_REFUSAL = _Result("dmarc", "fail", ())


def read_authentication(headers: Headers, *, from_address: str, servers: Collection[str]) -> Authentication:
    """Return what the trusted `servers` (authserv-ids) say about mail from the domain of `from_address`."""
    domain = from_address.rpartition("@")[2].lower()
    results = [one for field in _trusted(headers, servers) for one in _results(*field)]
    dmarc = {one.result for one in results if one.method == "dmarc" and one.is_about(domain)}
    if dmarc & _FAILURES:
        return Authentication(is_refuted=True)
    return Authentication(is_proven="pass" in dmarc or any(one.is_signed_for(domain) for one in results))


def _trusted(headers: Headers, servers: Collection[str]) -> list[tuple[str, str | None]]:
    """The fields of trusted servers, as they stand and as `_plain` reads them."""
    wanted = {server.lower() for server in servers}
    found: list[tuple[str, str | None]] = []
    for name, value in headers:
        if name.lower() == "received":
            break
        if name.lower() == "authentication-results":
            plain = _plain(value)
            words = (value if plain is None else plain).partition(";")[0].split()
            if words and words[0].lower() in wanted:
                found.append((value, plain))
    return found


def _results(value: str, plain: str | None) -> list[_Result]:
    """The results in a field. Where its grammar is broken: none that speaks for the sender, but a failure of DMARC.

    Otherwise a sender could hide that failure by breaking the field.
    """
    refusals = [_REFUSAL] if _DMARC_FAILURE.search(value) else []
    if plain is None:
        return refusals
    found: list[_Result] = []
    for part in plain.split(";")[1:]:
        if part.strip().lower() in {"", "none"}:
            continue
        match = _RESULT.match(part)
        if match is None:
            return refusals
        found.append(_Result(match[1].lower(), match[2].lower(), _domains(part)))
    return found


def _domains(part: str) -> tuple[tuple[str, str], ...]:
    named = _PROPERTY.findall(part)
    return tuple((by.lower(), value.rpartition("@")[2].lower().rstrip(".")) for by, value in named)


def _plain(value: str) -> str | None:
    """The field without comments, and quoted strings as words that separate nothing; None where it does not balance.

    Takes time in proportion to its length.
    """
    parts: list[str] = []
    at = 0
    while at < len(value):
        if value[at] == "(":
            end = _end_of_comment(value, at)
            if end is None:
                return None
            parts.append(" ")
        else:
            found = _WORDS_OR_QUOTED.match(value, at)
            if found is None:
                return None
            is_quoted, end = found[1] is not None, found.end()
            parts.append(_NOT_OF_AN_ADDRESS.sub("_", found[1]) or "_" if is_quoted else found[0])
        at = end
    return "".join(parts)


def _end_of_comment(value: str, start: int) -> int | None:
    """Where the comment that begins at `start` ends; None where it does not, or only in one of two readings.

    A quote is an ordinary character of a comment. But servers copy the address of the envelope into it, and there a
    quoted parenthesis is part of the address: such a comment ends in another place than its writer thought.
    """
    depth, is_quoted = 0, False
    for mark in _MARK_IN_COMMENT.finditer(value, start):
        if mark[0] == '"':
            is_quoted = not is_quoted
        elif mark[0] in {"(", ")"}:
            if is_quoted:
                return None
            depth += 1 if mark[0] == "(" else -1
            if depth == 0:
                return mark.end()
    return None


def _is_aligned(signed: str, domain: str) -> bool:
    """Relaxed alignment without a list of public suffixes: the same domain, or one that From's domain is under."""
    return signed == domain or (signed.count(".") >= 1 and domain.endswith(f".{signed}"))
