"""The name of the person whom an attribution line names.

Right before an address stands the name, and before that a time, a verb or a word of the sentence in whatever
language; without an address it stands between date and verb.
"""

import re

from deskhand.mail.message import Address
from deskhand.mail.quoting.attributions import DIRECTIONS, HAS_DATE, WROTE

# Words beside a name that never belong to one: hours, verbs, zones, "user", "by".
BESIDE = """
    am|pm|a.m|p.m|h|uhr|kl|klo|kello|om|o|um|à|a|à(s)|às|ás|alle|ore|at|u|v|ob|hat|has|heeft|je|m|sati|dt|on|op|pe|dne|
    dňa|dana|na|w|dniu|godz|ho|hau|du|zuen|idatzi|odesílatel|používateľ|používateľka|uživatel|użytkownik|użytkowniczka|
    lietotājs|lietotāja|oseba|korisnik|erabiltzaileak|felhasználó|időpontban|keltezéssel|dátummal|időpont|пользователь|
    користувач|потребител|корисник|χρήστης|ο|η|ο/η|ni|ang|nang|noong|przez|napisana|wiadomość|missatge|zitat|quoting|
    citando|от|scris|écrit|folgendes|følgende|tarihinde|saatinde|kuupäev|tanggal|pukul|pada|lúc|vào|ngày|को|बजे|ने|
    下午|上午|오후|오전|午後|午前|gmt|utc|bst|cet|cest|mez|mesz|eet|eest|msk|edt|cst|cdt|mst|mdt|pst|pdt|wib|brt|selč|seč|jst|kst|wet|ptg|pg|ร|в|у|і|р|г
"""
# Words that begin no name but may stand inside one.
LEADING = "de|von|del|di|da|le|la|les|lo|el|il|en|den|det|em|from|by|od|va|ha"
# Words that are no name where they stand alone between other parts of a date.
ALONE = """
    jan|feb|mar|mär|märz|mrt|apr|may|mai|mei|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez|déc|fév|avr|juin|juil|août|ene|abr|
    ago|dic|gen|mag|giu|lug|set|ott|out|lis|paź|eki|urr|окт|october|oktober|octobre|outubro|mon|tue|wed|thu|fri|sat|sun|
    sal|k|ar|an|di|las|les|th
"""


def _set(words: str) -> frozenset[str]:
    return frozenset(word.strip().casefold() for word in words.split("|"))


NO_NAMES = _set(BESIDE) | _set("|".join(verb.replace("\\", "") for verb in WROTE.split("|") if " " not in verb))
LEADING_WORDS, LONELY_WORDS = _set(LEADING), _set(ALONE)
LINKS = re.compile(r"<mailto:([^<>]{1,300})>|\[mailto:([^\[\]]{1,300})\]", re.IGNORECASE)
# GroupWise and Usenet name the message quoted before its writer: "in message <5@x.test>, Ada wrote:".
MESSAGE_IDS = re.compile(r"\b(?:in\s+)?(?:message|article|nachricht|news:)\s{0,3}<[^<>\s]{1,250}>,?", re.IGNORECASE)
NAME_ENDS = re.compile(r"[,，、;—]|\d[\d:./-]*|\s{2,}|에\s|[於于在]\s")
SENTENCES = re.compile(rf"(?:^|(?<=\s))(?:{WROTE})(?=$|[\s:：])", re.IGNORECASE)
ADDRESS = re.compile(r"""[<(\[]*\b([^\s<>()\[\]"':,“”„「」]+@[^\s<>()\[\]"',]+\w)[>)\]]*""")
QUOTED_NAME = re.compile(r"""["„“”«]([^"„“”«»]{1,120})["“”»]""")
EDGE = ' :：-–—*.,;()<>[]"„“”«»「」'
MIN_NAME_CHARS, MAX_NAME_WORDS = 2, 6


def without_links(text: str) -> str:
    """Return the text without links to addresses; one before any address, as in "Ada <mailto:a@x.test>", gives its."""
    return LINKS.sub(lambda found: "" if "@" in text[: found.start()] else f" <{found[1] or found[2]}>", text)


def attributed_to(text: str) -> Address:
    """Return whom an attribution line names; either part may be empty."""
    bare = MESSAGE_IDS.sub("", DIRECTIONS.sub("", without_links(text)))
    found = ADDRESS.search(bare)
    if found is None:
        return Address(_without_address(bare), "")
    before = bare[: found.start()].rstrip(EDGE)
    words = NAME_ENDS.split(before)[-1].split()
    other = next((at for at in range(len(words) - 1, -1, -1) if _is_beside(words[at])), -1)
    return Address(_name(words[other + 1 :]), found[1])


def _without_address(text: str) -> str:
    if quoted := QUOTED_NAME.search(text):
        return _name(quoted[1].split())
    rest = SENTENCES.sub(" ", HAS_DATE.sub(" ", text))
    pieces = [_name(piece.split()) for piece in NAME_ENDS.split(rest)]
    names = [piece for piece in pieces if piece and piece.casefold() not in LONELY_WORDS]
    return names[-1] if names else ""


def _name(words: list[str]) -> str:
    while words and (_is_beside(words[0]) or words[0] in LEADING_WORDS):
        words = words[1:]
    while words and _is_beside(words[-1]):
        words = words[:-1]
    name = " ".join(words[-MAX_NAME_WORDS:]).strip(EDGE)
    return name if len(name) >= MIN_NAME_CHARS and any(letter.isalpha() for letter in name) else ""


def _is_beside(word: str) -> bool:
    bare = word.strip(EDGE).casefold()
    return not bare or bare in NO_NAMES or any(letter.isdigit() for letter in bare)
