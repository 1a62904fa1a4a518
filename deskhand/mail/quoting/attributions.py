"""Lines that name whom a reply quotes: "On Tuesday Ada wrote:", in many languages.

Known phenomena: the line wrapped over up to five, quote marks before it, the verb before or after
the name, no verb at all (a date, an address and a colon), no colon, dashes around it, a name with
no address, marks of the writing direction between its words. People who tell who wrote what word it much alike:
"On 2 March your colleague wrote:", "02.03.2026 14:00 call with ada@x.test:".
"""

import re

WROTE = (
    # en de fr es pt it nl da/no sv fi is
    "wrote|sent|said|writes|schrieb|geschrieben|schreef|schreef:|a écrit|écrit|écrivit|escribió|escribio|"
    "escribía|escreveu|ha scritto|scrisse|het volgende geschreven|skrev|skrev følgende|kirjoitti|skrifaði|"
    # pl cs sk hu ro hr sl sr bg ru uk
    r"napisał\(a\)|napisał/a|napisał|napisała|pisze|napsal\(a\)|napsal|napsala|napísal\(a\)|napísal|napísala|"
    r"ezt írta|írta|a scris|scrie|je napisao|je napisala|napisao|napisala|napisao/la|napisao je|je napisal|"
    r"napisal\(a\)|napisal|"
    r"napisao/napisala|piše|је написао|написа|написао|написал\(а\)|написал|написала|пишет|писал|писали|написав|"
    r"написала|пише|писав|"
    # el tr et lv lt ca eu vi id he ar
    "έγραψε|yazdı|şunu yazdı|şunları yazdı|kirjutas|rakstīja|rašė|va escriure|ha escrit|escrigué|idatzi du|"
    "idatzi zuen|escribiu|đã viết|viết|menulis|isinulat|scríobh|ysgrifennodd|shkroi|aliandika|geskryf|напісаў|напісала|"
    "написав(?:-ла)|je oseba|"
    # he ar fa hi
    "כתב|כתבה|כתב/ה|כתב:|מאת|كتب|كتبت|كتب/كتبت|نوشت|نوشته|ने लिखा|"
    # ja zh ko th
    "のメール|さんは書きました|さんが書きました|書きました|さんのメッセージ|写道|寫道|写到|님이 작성|"
    "님이 쓴 글|이\\(가\\) 쓴 글|쓴 글|작성|썼습니다|เขียนว่า|เขียน"
)
LEAD = (
    "on|at|am|le|el|em|no dia|às|il|in data|op|den|d\\.|på|på den|þann|dne|dňa|dnia|w dniu|u|dana|na|на|la|în|"
    "în data de|pe|στις|en|o|del dia|tarihinde|pada|pada tanggal|noong|vào|on:|em data|il giorno|a|ngày|kell|kuupäev|"
    "data|в|v|am:|בתאריך|ב-|بتاريخ|في|در تاریخ|วันที่|ในวันที่|在|於|于"
)
MONTH_OR_DAY = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|mär|mai|dez|okt|lun|mie|jeu|"
    "ven|sam|dim|déc|fév|avr|juil|août|ene|abr|ago|dic|set|ott|gen|mag|giu|lug|mrt|mei|maa|die|don|sön|ons|tor|fre|"
    "lør|søn|tir|ma|ti|ke|to|pe|la|su|янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек|пн|вт|ср|чт|пт|сб|вс"
)
HAS_VERB = re.compile(rf"(?:^|[\s>)\"',，、】])(?:{WROTE})(?:$|[\s:：,\-<(\"])|(?:{WROTE})\s*[:：]\s*$", re.IGNORECASE)
ENDS_WITH_VERB = re.compile(rf"(?:^|[\s>)\"',，、】])(?:{WROTE})\s*[:：]?\s*-*\s*$", re.IGNORECASE)
HAS_DATE = re.compile(
    r"\b(?:19|20)\d\d(?=\b|年|년)|\b\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4}\b|\b\d{1,2}[:.h]\d{2}\b|\d年|\d일",
    re.IGNORECASE,
)
# "<ada@x.test>", and Tuta's "2 Mar 2026, 17:02 by ada@x.test:"
ANGLED = re.compile(
    r"(?:<|&lt;)\s?[^\s<>@]{0,100}@[^<>]*(?:>|&gt;)|\d[:.]\d\d\s+(?![A-Z]{2})[^\W\d]{1,6}\s+[^\s@]{1,64}@\S+:$"
)
HAS_ADDRESS = re.compile(r"[^\s<>()\[\]\"]@[^\s<>()\[\]\"]")
STARTS = re.compile(
    rf"^[\s>*\ufeff-]*+(?:(?:{LEAD})[\s\d:-]|\d{{1,4}}[\s./:年-]|(?:{MONTH_OR_DAY})[\w.]{{0,8}}[\s.,]|[^\s\d<>@:()]{{1,14}}\s+\d)",
    re.IGNORECASE,
)
DIRECTIONS = re.compile("[\ufeff\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")
HAS_TIME = re.compile(r"\d{1,2}[:.]\d{2}\b(?![.\d])")
ENGLISH = re.compile(r"\b(?:wrote|sent|said|writes)\b", re.IGNORECASE)
CITING = ("quoting", "zitat von", "citando", "citation de", "missatge de", "wiadomość napisana przez", "cytowanie")
ENDS = re.compile(r"[:：]\s*$")
DASHED = re.compile(rf"\b(?:{WROTE})\s*:?$", re.IGNORECASE)
QUOTE_MARK = re.compile(r"\s*>")
GROUPWISE = re.compile(r"\s*>>>\s?[^\s>].*\s>>>\s*$")  # ">>> Ada Byron 26.10.2021 14:25 >>>"
DATE_FIRST = re.compile(r"\s*\d{4}[/.-]\d")
DATE_LAST = re.compile(r"@[^\s@]{3,100}\s+[\u2013\u2014-]\s[^@]{4,40}\d[:.]\d\d(?:\s*[ap]\.?m\.?)?\s*$", re.IGNORECASE)
MAX_NAMING_CHARS, MAX_NAMES = 80, 4
MAX_LINES = 5
# What programs do not say of whom they quote: I, me, your colleague, the technician. (The Bat does say "You wrote".)
TOLD = re.compile(
    r"""(?<![\w@.-])(?: (?:I|we|he|she|they|it)\s+(?:wrote|sent|said) | (?:wrote|sent|said)\s+(?:to\s+)?(?:me|us)
    | what\s+I | your | (?:schrieb|geschrieben)\w*\s+(?:ich|mir|uns)
    | (?:haben\s+Sie|hast\s+du)\b.{0,60}\bgeschrieben | Ihr(?:e[rms]?)?\s+\w+
    | (?:ich|mir|uns|wir)\b.{0,60}\b(?:schrieb|geschrieben)\w*
    | votre | m['’](?:a|avez|ont)\s+écrit | (?:nous|vous)\s(?:a|ont|avez|avons)\b.{0,20}\bécrit
    | j['’]ai\b.{0,20}\bécrit | (?:me|nos|mi|ci)\s+(?:escribió|escreveu|ha\s+scritto|scrisse) | su\s+\w+ | vostr[oa]
    | schreef\b.{0,40}\b(?:mij|me|ons) | (?:ik|mij)\s+schreef | uw | (?:mig|meg)\s+skrev
    | (?:mi|mne|мне|нам)\s+(?:napisał|napsal|написал)\w* | Państwa | ваша?
    | schrieb(?:en)?\s+(?:der|die|das|uns\w+|eine?r?)
    | (?:(?<=[:.h]\d\d\s)|(?<=[:.h]\d\d,\s))
        (?:the|our|il|lo|la|un|una|le|les|une|el|los|het|een|de|um|uma)\s+[^\W\d_A-ZÀ-Þ]\w*
    | (?:мы|они)\s+писали | (?<=\s)[Вв]ы\s+писали | писали(?!\s+\d)
    )(?![\w@.-])""",
    re.VERBOSE,
)
# Asked before TOLD, which is slow: each of its alternatives holds one of these words.
TELLING_WORDS = (
    "i|we|he|she|they|it|me|us|what|your|ich|mir|uns|wir|sie|du|ihr|ihre|ihrer|ihrem|ihres|m|j|votre|nous|vous|nos|mi|"
    "ci|su|vostro|vostra|mij|ons|ik|uw|mig|meg|mne|мне|нам|państwa|ваш|ваша|"
    "the|our|il|lo|la|un|una|le|les|une|el|los|het|een|de|um|uma|мы|они|вы|писали|schrieb|schrieben"
)
TELLING = frozenset(TELLING_WORDS.split("|"))
LETTERS = re.compile(r"\w+")
CLOCK = re.compile(r"\d[:.]\d\d(?![.\d])")
LOGGED = re.compile(r"[\s\d:.,/TZ-]+(?:sent|said|wrote)\b")
OPENING = ('"', "“", "„", "«", "‚", "‘", "»", "”")
MAX_WORDS_BEFORE, MAX_WORDS_BEHIND = 4, 12
MAX_CHARS = 420
MID_LINE = re.compile(
    r"""(?<=\S)[ \t]{1,3}(?=On\s(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},?\s[^\n]{6,160}(?:wrote|sent):\s*$)
    | (?<=[.!?,)])[ \t]{1,3}(?=(?:On|Am|Le|El|Il|Op|Em|Den|Dne|Dnia|W\sdniu)\s(?:[^\W\d_]{2,12}[.,]{0,2}\s){0,2}
        \d[^\n]{6,160}@[^\n]{3,100}:\s*$)
    | (?<=[.!?,)])[ \t]{1,3}(?=On\s[A-Z][a-z]{2,8}\s\d[^\n]{6,160}(?:wrote|sent):\s*$)""",
    re.VERBOSE,
)
MAX_SHARED_LINE = 1000
WORDS = re.compile(r"[^\s:：,<>()\"'-]+")
VERB_ENDS = frozenset(verb.replace("\\", "").lower().split()[-1].rstrip(":") for verb in WROTE.split("|"))
UNSPACED_VERBS = tuple(verb for verb in WROTE.split("|") if verb[0] > "\u3000")


def attribution_at(lines: list[str], start: int) -> int:
    """How many lines the attribution beginning here takes; 0 when none begins here."""
    count = _lines_of_attribution(lines, start)
    if not count:
        return 0
    end = start + count
    named, below = _plain(" ".join(lines[start:end])), lines[end : end + MAX_LINES]
    is_told = _is_told(named) or (not HAS_ADDRESS.search(named) and _is_told_of(named, below))
    return 0 if is_told else count


def _is_told(named: str) -> bool:
    """Whether a person tells who wrote what, or a log says when."""
    telling = named.rpartition(">")[2] if ANGLED.search(named) else named  # a name may say "your" as well
    if (not TELLING.isdisjoint(LETTERS.findall(telling.lower())) and TOLD.search(telling)) or LOGGED.match(named):
        return True
    behind = named.rpartition("@")[2]
    return behind != named and len(behind.split()) > MAX_WORDS_BEHIND and bool(STARTS.match(named))


def _is_told_of(named: str, below: list[str]) -> bool:
    """Whether a person quotes by hand someone without an address: a mail program puts a `>`, or a time and a blank."""
    following = next((line for line in below if line.strip()), "")
    if QUOTE_MARK.match(following) or named.lstrip().startswith((">", "-")):
        return False
    if following.lstrip().startswith(OPENING):
        return True
    bare = named.strip().strip("*_")
    dated = HAS_DATE.search(bare) if ENDS_WITH_VERB.search(bare[-60:]) and not STARTS.match(bare) else None
    if dated and len(bare[: dated.start()].split()) > MAX_WORDS_BEFORE:
        return True
    return bool(below and below[0].strip()) and not CLOCK.search(named)


def _lines_of_attribution(lines: list[str], start: int) -> int:
    first = _plain(lines[start])
    if not first.strip(" \t>") or len(first) > MAX_CHARS:
        return 0
    if GROUPWISE.match(first) and HAS_DATE.search(first):
        return 1
    if _is_dashed(first) or _is_attribution(first, is_alone=True):
        return 1
    if STARTS.match(first) and HAS_DATE.search(first):
        return _wrapped_attribution(lines, start)
    if _names_first(first):
        count = _wrapped_attribution(lines, start)
        joined = _plain(" ".join(lines[start : start + count]))
        return count if count and HAS_DATE.search(joined) and (_cites(joined) or _has_verb(joined)) else 0
    return 0


def _names_first(line: str) -> bool:
    """Whether the line may begin an attribution that names the writer before the date."""
    if not HAS_ADDRESS.search(line) or QUOTE_MARK.match(line):
        return False
    return bool(HAS_DATE.search(line)) or _cites(line) or _has_verb(line)


def _cites(line: str) -> bool:
    return line.lstrip().lower().startswith(CITING)


def _plain(line: str) -> str:
    """The line without marks of the writing direction."""
    return line if line.isascii() else DIRECTIONS.sub("", line)


def _wrapped_attribution(lines: list[str], start: int) -> int:
    """How many lines an attribution takes that the first line only begins; 0 when it never ends."""
    joined = _plain(lines[start])
    following = lines[start + 1 : start + MAX_LINES + 1]
    for count, raw in enumerate(following[: MAX_LINES - 1], 2):
        line = _plain(raw).strip()
        if not line and not "".join(following[count - 1 : count]).lstrip().startswith("<"):
            return 0
        joined = f"{joined} {line}"
        if len(joined) > MAX_CHARS:
            return 0
        if line and _is_attribution(joined, is_alone=False):
            return count
    return 0


def _is_dashed(line: str) -> bool:
    if not (line.lstrip(" ").startswith("--") and line.rstrip().endswith("--")):
        return False
    core = line.strip(" -")
    if DASHED.search(core[-60:]):
        return True
    return bool(HAS_DATE.search(core) and HAS_ADDRESS.search(core) and STARTS.match(core) and _has_verb(core))


def is_bare_attribution(line: str) -> bool:
    """Whether the line may name whom the `>` quote right below it quotes, which alone makes it an attribution.

    That is a date and an address in either order, or a name and a verb: "Ada Byron wrote:".
    """
    if HAS_ADDRESS.search(line):
        return bool(DATE_FIRST.match(line) and line.rstrip().endswith(">")) or bool(DATE_LAST.search(line[:MAX_CHARS]))
    found = ENDS_WITH_VERB.search(line[-60:]) if ENDS.search(line) and len(line) <= MAX_NAMING_CHARS else None
    names = line[: len(line[:-60]) + found.start()].strip(" \t>*_").split() if found else []
    return 0 < len(names) <= MAX_NAMES and all(name[0].isupper() or name.upper() == name.lower() for name in names)


def split_mid_line(line: str) -> list[str]:
    """The line, in two where an attribution shares it with the reply."""
    if len(line) > MAX_SHARED_LINE or not line.rstrip().endswith(":"):
        return [line]
    return MID_LINE.split(line, maxsplit=1)


def _has_verb(text: str) -> bool:
    """Whether the text holds a verb of writing; the cheap questions come first."""
    if VERB_ENDS.isdisjoint(WORDS.findall(text.lower())) and not any(verb in text for verb in UNSPACED_VERBS):
        return False
    return bool(HAS_VERB.search(text))


def _is_attribution(text: str, *, is_alone: bool) -> bool:
    bare = text.strip().strip("*_")
    has_date, has_address = bool(HAS_DATE.search(bare)), bool(HAS_ADDRESS.search(bare))
    if not (has_date or has_address):
        return False
    if ENDS_WITH_VERB.search(bare[-60:]):
        return bool(STARTS.match(bare)) or has_address or (has_date and bool(ENDS.search(bare)))
    if not ENDS.search(bare):
        return False
    if has_address and (has_date or _cites(bare)):
        # "We wrote to ada@x.test on Monday:" is a sentence; whom an attribution names first has the verb behind him.
        # "02.03.2026 14:00 call with ada@x.test:" is one too; without a verb the address stands in angle brackets.
        is_dated = bool(STARTS.match(bare)) and (bool(ANGLED.search(bare)) or _has_verb(bare))
        return is_dated or _cites(bare) or _has_verb(bare.partition("@")[2])
    if not (has_date and _has_verb(bare)):
        return False
    return bool(STARTS.match(bare)) or not is_alone or bool(HAS_TIME.search(bare) and not ENGLISH.search(bare))
