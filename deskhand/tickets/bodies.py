"""What someone wrote, in the three forms it is kept in."""

from dataclasses import dataclass, replace

from deskhand.core import documents
from deskhand.core.html import TooLargeToClean, clean
from deskhand.core.text import storable

MAXIMUM_CHARACTERS = 100_000


class BodyNotValid(ValueError):
    """The text is empty or too long; the message says what to do."""


@dataclass(frozen=True)
class Body:
    """One text: the composer's document (None for mail), cleaned HTML, plain text, and what was quoted below."""

    html: str
    text: str
    document: documents.Node | None = None
    quoted_html: str = ""


def from_composer(*, document_json: str, plain_text: str) -> Body:
    """Return the body of a form: the editor's document, or the plain textarea where no editor ran.

    Raises BodyNotValid for an unreadable or over-long text. An empty one is allowed here: files may suffice.
    """
    try:
        document = documents.checked(document_json) if document_json else documents.from_text(storable(plain_text))
    except documents.DocumentNotValid as error:
        raise BodyNotValid(str(error)) from error
    text = documents.to_text(document)
    if len(text) > MAXIMUM_CHARACTERS:
        raise BodyNotValid(
            f"This is {len(text):,} characters long; {MAXIMUM_CHARACTERS:,} fit. Please attach the rest as a file."
        )
    return Body(html=documents.to_html(document), text=text, document=document)


def from_text(text: str) -> Body:
    """Return the body of plain text that people or mail gave. Long text is kept whole."""
    document = documents.from_text(storable(text))
    return Body(html=documents.to_html(document), text=storable(text).strip(), document=None)


def from_mail(*, html: str, text: str, quoted_html: str = "") -> Body:
    """Return the body of a mail: HTML cleaned, or made from the text where it is missing or cannot be cleaned."""
    cleaned, quoted = _cleaned(html), _cleaned(quoted_html)
    if not cleaned:
        return replace(from_text(text), quoted_html=quoted)
    return Body(html=cleaned, text=storable(text).strip(), quoted_html=quoted)


def _cleaned(html: str) -> str:
    try:
        return clean(storable(html)).strip() if html.strip() else ""
    except TooLargeToClean:
        return ""
