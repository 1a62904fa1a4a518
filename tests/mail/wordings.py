"""How mail programs word what they put above and below what people write, in the languages they speak.

In the attributions `{who}` is the person. A header is the name of its language and program, and its labels for the
sender, the date, the recipients, those in copy and the subject; `&` stands for a blank within one.
"""

from pathlib import Path

WHO = "Ada Byron <ada@x.test>"
_FOLDER = Path(__file__).parent / "wordings_of_programs"


def _lines(name: str) -> list[str]:
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(line.replace("{who}", WHO) for line in lines if line and not line.startswith("# ")))


def header_lines(labels: str) -> list[str]:
    """Return a copied header in the words of one program, in the order of HEADER_WORDS."""
    named = [label.replace("&", " ") for label in labels.split()]
    values = (WHO, "26 Oct 2021 14:25", "Bo <bo@y.test>", "Cy <cy@z.test>", "The shop")
    return [f"{label}: {value}" for label, value in zip(named, values, strict=True)]


ATTRIBUTIONS = _lines("attributions")
HEADER_WORDS = {line.partition(" | ")[0]: line.partition(" | ")[2] for line in _lines("headers")}
FORWARD_LINES = _lines("forwards")
ORIGINAL_LINES = _lines("originals")
AUTO_REPLY_SUBJECTS = _lines("auto_replies")
PHONE_LINES = _lines("phones")
