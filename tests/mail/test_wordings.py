"""The wordings of mail programs: each is told from the reply, and whom it names is known."""

import textwrap

import pytest

from deskhand.mail.forwards import split_forward
from deskhand.mail.message import Address
from deskhand.mail.replies import newest_reply
from tests.mail.wordings import (
    ATTRIBUTIONS,
    FORWARD_LINES,
    HEADER_WORDS,
    ORIGINAL_LINES,
    PHONE_LINES,
    header_lines,
)

ANSWER = "My answer."
NEVER_WRAPPED = "----"  # Zoho
ALL_LANGUAGES = sorted({name.split()[0] for name in HEADER_WORDS})


def forwarded(lines: list[str]) -> str:
    return f"My comment.\n\n---------- Forwarded message ---------\n{chr(10).join(lines)}\n\nOld text.\n"


def test_knows_more_languages_than_promised() -> None:
    assert len(ALL_LANGUAGES) > 40


def misread(lines: list[str], text: str) -> list[str]:
    """Return those of the lines that do not end the reply where they stand in the text."""
    return [line for line in lines if newest_reply(text.replace("LINE", line)) != ANSWER]


def test_an_attribution_ends_the_reply() -> None:
    assert misread(ATTRIBUTIONS, f"{ANSWER}\n\nLINE\n\n> Old text.\n> More.\n") == []
    assert misread(ATTRIBUTIONS, f"{ANSWER}\n\nLINE\nOld text.\nMore.\n") == []


def test_a_wrapped_attribution_ends_the_reply() -> None:
    wrapped = [textwrap.fill(line, 60) for line in ATTRIBUTIONS if not line.startswith(NEVER_WRAPPED)]
    assert misread(wrapped, f"{ANSWER}\n\nLINE\n\n> Old text.\n> More.\n") == []


def test_an_attribution_names_the_writer() -> None:
    for line in ATTRIBUTIONS:
        found = split_forward(f"{line}\n\n    Old text.\n")
        assert found, line
        named = ("Ada Byron" if "Byron" in line else "", "ada@x.test" if "@" in line else "")
        assert (found.sender.name, found.sender.address) == named, line


@pytest.mark.parametrize("layout", ["plain", "bold", "without cc", "subject first"])
def test_a_copied_header_ends_the_reply_and_names_the_writer(layout: str) -> None:
    for program, labels in HEADER_WORDS.items():
        lines = laid_out(header_lines(labels), layout)
        assert newest_reply(f"{ANSWER}\n\n{chr(10).join(lines)}\n\nOld text.\n") == ANSWER, program
        for text in (forwarded(lines), forwarded([f"> {line}" for line in lines])):
            found = split_forward(text)
            assert found, program
            assert found.sender == Address("Ada Byron", "ada@x.test"), program
            assert (found.subject, found.comment) == ("The shop", "My comment."), program


def laid_out(lines: list[str], layout: str) -> list[str]:
    if layout == "bold":
        return [f"*{line.replace(': ', ':* ', 1)}" for line in lines]
    if layout == "without cc":
        return [*lines[:3], lines[4]]
    return [lines[4], lines[1], lines[0], lines[2], lines[3]] if layout == "subject first" else lines


def test_fields_run_together_are_told_apart() -> None:
    for program, labels in HEADER_WORDS.items():
        if program[:2] in {"ko", "th", "hi"}:
            continue  # no program runs them together, and these letters have no capitals to tell labels by
        sender, date, to, cc, subject = header_lines(labels)
        found = split_forward(f"Hm.\n\n----- Forwarded Message ----- {sender}{to}{cc}{date}{subject}\nOld text.\n")
        assert found, program
        named = (found.sender.address, found.subject, found.body)
        assert named == ("ada@x.test", "The shop", "Old text."), program


def test_a_forward_is_announced() -> None:
    for line in FORWARD_LINES:
        text = f"My comment.\n\n{line}\n{chr(10).join(header_lines(HEADER_WORDS['en others']))}\n\nOld text.\n"
        found = split_forward(text)
        assert found, line
        assert (found.comment, found.body) == ("My comment.", "Old text."), line
        assert newest_reply(text) == text.strip(), line


def test_the_mail_answered_is_announced() -> None:
    assert misread(ORIGINAL_LINES, f"{ANSWER}\n\nLINE\nSomebody\n\nOld text.\n") == []


def test_a_phone_signs_below_the_reply() -> None:
    quote = "On Tue, 26 Oct 2021 at 14:25, Ada <a@b.test> wrote:\n> Old text.\n"
    assert misread(PHONE_LINES, f"{ANSWER}\n\nLINE\n\n{quote}") == []
    assert misread(PHONE_LINES, f"{ANSWER}\n\nLINE\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "I sent it from my iPhone yesterday.\n\nDid it arrive?",
        "Does Outlook for iOS work here?\n\nAda",
        "The log says what happened on 26.10.2021 at 14:25:\n\nerror 5\n",
        "Ada wrote on 26.10.2021 at 14:25:\n\nthat it burns.\n",
        "From: the start\nTo: the end\n\nit burns.",
        "Book this, please:\n\nFrom: Berlin\nTo: Hamburg\nDate: 2 March 2026\n\nAda",
        "Hello,\n\nwe wrote to bo@y.test on 2.3.2026:\nno answer.",
        "Please write to ada@x.test about 26 Oct 2021\nor call me:\n\n555",
        "Time: 14:25\nName: Ada\nRe: the shop\n\nIt burns.",
        "On Tuesday I wrote to the shop.\n\nNobody answered.",
        "Customer ada@x.test paid 3 times on 26.10.2021\nand these are the numbers of the orders:\n1\n2",
    ],
)
def test_what_people_write_is_no_quote(text: str) -> None:
    assert newest_reply(text) == text.strip()
