"""From a text with variables to what a mail shows: plain lines, and paragraphs with links and buttons.

An address variable alone on its line is a button, or two side by side; within a line it is a link, as are web addresses
that stand in the text itself. Nothing that is filled in becomes one, so that what strangers wrote (a subject, a name)
cannot lead anywhere, nor complete an address.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deskhand.mail.models import TextKind
from deskhand.mail.shipped import Words
from deskhand.mail.texts import VARIABLE, fill

ADDRESSES = ("address", "good", "bad", "sign_in")
_LINK = re.compile(rf"{VARIABLE.pattern}|(https?://\w[^\s<>\"'{{}}]*+)(?!\{{)")
_ENDS_SENTENCE = ".,;:!?)]"
_ONE_TIME = (TextKind.SIGN_IN_LINK, TextKind.INVITATION)


@dataclass(frozen=True)
class Piece:
    """A stretch of a line: text, or a link where `href` is set."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Button:
    """A link that stands out. The first of a paragraph is filled, others are outlined."""

    label: str
    href: str


@dataclass(frozen=True)
class Paragraph:
    """Lines of text, or buttons side by side."""

    lines: tuple[tuple[Piece, ...], ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A text, filled in."""

    plain: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def first_button(self) -> Button | None:
        """What the mail is for; None for a mail that only tells something."""
        return next((button for one in self.paragraphs for button in one.buttons), None)


def laid_out(body: str, values: Mapping[str, str], *, kind: TextKind, words: Words) -> Layout:
    """Return the body filled in. Lines and paragraphs of which nothing is left go."""
    labels = _labels(kind, words)
    plain: list[str] = []
    paragraphs: list[Paragraph] = []
    for paragraph in body.split("\n\n"):
        lines = [line for line in paragraph.split("\n") if fill(line, values).strip()]
        buttons = [name for line in lines if (name := _address_alone(line))]
        if lines:
            plain.append("\n".join(_plain(line, values, labels, names_buttons=len(buttons) > 1) for line in lines))
            paragraphs += _paragraphs(lines, values, labels)
    return Layout("\n\n".join(plain), tuple(paragraphs))


def _labels(kind: TextKind, words: Words) -> dict[str, str]:
    address = {
        TextKind.SIGN_IN_LINK: words.sign_in,
        TextKind.INVITATION: words.sign_in,
        TextKind.APPROVAL: words.decide,
        TextKind.ALLOWANCE_ALERT: words.see_allowance,
    }
    return {
        "address": address.get(kind, words.see_ticket),
        "good": words.good,
        "bad": words.bad,
        "sign_in": words.sign_in,
    }


def _address_alone(line: str) -> str:
    """Return the name of the address that is all of the line, or nothing."""
    found = VARIABLE.fullmatch(line.strip())
    return found[1] if found and found[1] in ADDRESSES else ""


def _plain(line: str, values: Mapping[str, str], labels: Mapping[str, str], *, names_buttons: bool) -> str:
    name = _address_alone(line)
    return f"{labels[name]}: {values[name]}" if name and names_buttons else fill(line, values)


def _paragraphs(lines: list[str], values: Mapping[str, str], labels: Mapping[str, str]) -> Iterator[Paragraph]:
    """Yield runs of text and runs of buttons, each as a paragraph."""
    text: list[tuple[Piece, ...]] = []
    buttons: list[Button] = []
    for line in lines:
        if name := _address_alone(line):
            if text:
                yield Paragraph(lines=tuple(text))
                text = []
            buttons.append(Button(labels[name], values[name]))
        else:
            if buttons:
                yield Paragraph(buttons=tuple(buttons))
                buttons = []
            text.append(tuple(_pieces(line, values)))
    if text or buttons:
        yield Paragraph(tuple(text), tuple(buttons))


def _pieces(line: str, values: Mapping[str, str]) -> Iterator[Piece]:
    at = 0
    for found in _LINK.finditer(line):
        written = (found[2] or "").rstrip(_ENDS_SENTENCE)
        if href := written or (values.get(found[1], "") if found[1] in ADDRESSES else ""):
            if before := fill(line[at : found.start()], values):
                yield Piece(before)
            yield Piece(href, href)
            at = found.start() + len(written) if written else found.end()
    if rest := fill(line[at:], values):
        yield Piece(rest)


def shows_address_too(kind: TextKind) -> bool:
    """Whether the button's address is written out as well: mail programs that break buttons must lock nobody out."""
    return kind in _ONE_TIME
