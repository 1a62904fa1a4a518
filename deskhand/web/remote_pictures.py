"""Pictures that mail names on other servers: left out, until the reader asks for them.

Their sender would learn who reads, when and where. When asked for, the desk fetches them itself, through the guarded
core/http.py, without cookies or referrer, draws them anew and puts them into the page: the browser calls nobody but the
desk, and there is no address at which the desk would fetch something for anyone.
"""

import html
import re
from base64 import b64encode
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from urllib.parse import quote

from deskhand.core.http import HttpTrouble, Limits, fetch
from deskhand.core.pictures import UnusablePicture, drawn_anew

MOST_PICTURES = 40
AT_ONCE = 6
PATIENCE_SECONDS = 8.0
"""All of them together; what is not there by then is left out."""
ONE = Limits(seconds=6, body_bytes=5 * 1024 * 1024, redirects=3)
MOST_BYTES = 20 * 1024 * 1024
"""Of one page, as base64."""
_OK = 200
_FOREIGN = re.compile(r'(<img\b[^>]*?) src="(?!/files/|data:image/)([^"]*)"([^>]*>)')
_WORDS = re.compile(r' alt="([^"]+)"')
_TINY = re.compile(r' (?:width|height)="[0-2]"')
_KEPT_IN_ADDRESSES = "%!#$&'()*+,/:;=?@[]~"


def has_remote_pictures(cleaned_html: str) -> bool:
    """Return whether cleaned HTML names pictures on other servers."""
    return any(_is_remote(src) for _, src, _ in _FOREIGN.findall(cleaned_html))


def without_remote_pictures(cleaned_html: str) -> str:
    """Return the HTML without the addresses of other servers' pictures, so that the browser does not even try."""
    return _FOREIGN.sub(r"\1\3", cleaned_html)


def with_remote_pictures(cleaned_html: str) -> str:
    """Return the HTML with other servers' pictures in it. In the place of one that cannot be had it says so."""
    wanted = list(dict.fromkeys(src for _, src, _ in _FOREIGN.findall(cleaned_html) if _is_remote(src)))
    found = _within_limit(wanted, _fetched(wanted[:MOST_PICTURES]))

    def put(match: re.Match[str]) -> str:
        if match[2] in found:
            return f'{match[1]} src="{found[match[2]]}"{match[3]}'
        return _said_instead(match[1] + match[3]) if _is_remote(match[2]) else match[1] + match[3]

    return _FOREIGN.sub(put, cleaned_html)


def _said_instead(tag: str) -> str:
    """What stands in the place of a picture that could not be had: its own words (alt); of a pixel nothing."""
    if _TINY.search(tag):
        return ""
    words = _WORDS.search(tag)
    return f'<span class="no-picture">{words[1] + ": " if words else ""}picture could not be fetched</span>'


def _is_remote(src: str) -> bool:
    return src.startswith(("https://", "http://"))


def _within_limit(wanted: list[str], found: Mapping[str, str]) -> dict[str, str]:
    kept, left = {}, MOST_BYTES
    for src in wanted:
        left -= len(found.get(src, ""))
        if src in found and left >= 0:
            kept[src] = found[src]
    return kept


def _fetched(sources: list[str]) -> dict[str, str]:
    if not sources:
        return {}
    pool = ThreadPoolExecutor(min(AT_ONCE, len(sources)), thread_name_prefix="picture")
    asked: dict[Future[str], str] = {pool.submit(_picture, src): src for src in sources}
    done, _ = wait(asked, timeout=PATIENCE_SECONDS)
    pool.shutdown(wait=False, cancel_futures=True)  # what still runs ends by its own limit
    return {asked[one]: address for one in done if not one.cancelled() and (address := one.result())}


def _picture(src: str) -> str:
    """The picture as a data address; empty where it cannot be had."""
    url = quote(html.unescape(src).strip(), safe=_KEPT_IN_ADDRESSES)
    try:
        answer = fetch(url, headers={"Accept": "image/*"}, limits=ONE)
        picture = drawn_anew(answer.body) if answer.status == _OK else None
    except (HttpTrouble, UnusablePicture):
        return ""
    return f"data:{picture.content_type};base64,{b64encode(picture.content).decode()}" if picture else ""
