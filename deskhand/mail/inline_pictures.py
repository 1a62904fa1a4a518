"""The pictures that a mail brought along, put into its own page: so they need no address at which to fetch them."""

import re
from base64 import b64encode
from collections.abc import Iterable
from html import escape, unescape
from urllib.parse import unquote

from deskhand.core.text import one_line
from deskhand.files.kinds import is_picture, judge_type
from deskhand.mail.message import Attachment

MOST_BYTES = 20 * 1024 * 1024
"""Of one page's pictures together, before base64; those beyond are named only."""
_SHOWN = re.compile(r'<img\b([^>]*?) src="cid:([^"]*)"([^>]*)>', re.IGNORECASE)


def with_inline_pictures(cleaned_html: str, files: Iterable[Attachment]) -> str:
    """Return cleaned HTML that shows `files` where it names their content ids.

    Only what is a picture by its bytes is shown; of anything else, and of what did not come along, it says the name.
    """
    by_id = {one.content_id.lower(): one for one in files}
    sources: dict[str, str] = {}
    left = MOST_BYTES

    def put(match: re.Match[str]) -> str:
        nonlocal left
        named = one_line(unquote(unescape(match[2]))).strip("<>").lower()
        file = by_id.get(named)
        if file and named not in sources:
            sources[named] = _source(file) if len(file.content) <= left else ""
            left -= len(file.content) if sources[named] else 0
        if source := sources.get(named):
            return f'<img{match[1]} src="{source}"{match[3]}>'
        return escape(f"[picture: {file.name}]" if file else "[picture that did not come with this mail]")

    return _SHOWN.sub(put, cleaned_html)


def _source(file: Attachment) -> str:
    """The file as a data address; empty where it is no picture that browsers may show."""
    content_type = judge_type(file.name, file.content)
    if not is_picture(content_type):
        return ""
    return f"data:{content_type};base64,{b64encode(file.content).decode()}"
