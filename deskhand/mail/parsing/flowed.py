"""Text in format=flowed back to its paragraphs (RFC 3676)."""

import re

QUOTE = re.compile(r"^>*")


def unflow(text: str, *, is_space_deleted: bool = False) -> str:
    """The text with its soft line breaks joined; quotes keep their depth, signatures stay apart."""
    paragraphs: list[list[str]] = []
    is_open = False
    depth_before = 0
    for raw in text.split("\n"):
        marks = QUOTE.match(raw)
        depth = marks.end() if marks else 0
        line = raw[depth:].removeprefix(" ")
        flows = line.endswith(" ") and line != "-- "
        shown = line[:-1] if flows and is_space_deleted else line
        if is_open and depth == depth_before and line != "-- ":
            paragraphs[-1].append(shown)
        else:
            paragraphs.append([f"{'>' * depth} {shown}" if depth else shown])
        is_open, depth_before = flows, depth
    return "\n".join("".join(pieces) for pieces in paragraphs)
