"""Text in format=flowed back to its paragraphs (RFC 3676)."""

import re

QUOTE = re.compile(r"^>*")


def unflow(text: str, *, is_space_deleted: bool = False) -> str:
    """The text with its soft line breaks joined; quotes keep their depth, signatures stay apart."""
    out: list[str] = []
    is_open = False
    depth_before = 0
    for raw in text.split("\n"):
        marks = QUOTE.match(raw)
        depth = marks.end() if marks else 0
        line = raw[depth:].removeprefix(" ")
        if is_open and depth == depth_before and line != "-- ":
            out[-1] += line
        else:
            out.append(f"{'>' * depth} {line}" if depth else line)
        is_open = line.endswith(" ") and line != "-- "
        if is_open and is_space_deleted:
            out[-1] = out[-1][:-1]
        depth_before = depth
    return "\n".join(out)
