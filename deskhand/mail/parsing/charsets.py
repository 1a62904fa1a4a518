"""Bytes to text, whatever the label says.

Known phenomena: labels that are too narrow (latin-1 for cp1252, gb2312 for gb18030), wrong, unknown
or missing; ISO-2022 escapes under any label; letters of Windows in ISO-2022-JP; UTF-8 cut in the middle
of a character; UTF-16 labels on ASCII; HTML that names its own charset. Detectors turn short strings into
Chinese, so one is asked last, and only about texts with enough to go by.
"""

import codecs
import re

import chardet

from deskhand.mail.parsing.japanese import decode_windows_jis

MIN_HIGH_BYTES_FOR_DETECTION = 16
HIGH_BYTES_PER_ERROR = 8
DETECTION_SAMPLE_BYTES = 8 * 1024
META_SAMPLE_BYTES = 4096

BIG5 = "cp950"
ISO_2022_JP = "iso2022_jp_ext"
WIDER = {
    "ascii": "ascii",
    "latin_1": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "euc_jp": "euc_jis_2004",
    "big5": BIG5,
    "iso2022_jp": ISO_2022_JP,
}
# The charsets of Windows that go by the name of these. They have letters where those have C1 controls, which nobody
# writes but for NEL (85); some bytes mean other letters, so the label is believed until a control turns up.
WINDOWS = {
    "iso8859-2": "cp1250",
    "iso8859-5": "cp1251",
    "iso8859-6": "cp1256",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
}
C1 = re.compile(r"[\x80-\x84\x86-\x9f]")
UNREGISTERED = {
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "x-windows-949": "cp949",
    "x-sjis": "cp932",
    "x-ms-cp932": "cp932",
    "sjis": "cp932",
    "cseucpkdfmtjapanese": "euc_jis_2004",
    "x-euc-jp": "euc_jis_2004",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "iso-8859-8-i": "cp1255",
    "iso-8859-8-e": "cp1255",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "utf--8": "utf-8",
    "windows-31j": "cp932",
    "euc-cn": "gb18030",
    "gb-18030": "gb18030",
    "big-5": BIG5,
    "x-x-big5": BIG5,
    "x-euc-kr": "cp949",
    "koi8": "koi8_r",
    "koi8-ru": "koi8_u",
    "ansi": "cp1252",
    "iso-8859": "cp1252",
    "utf-8lias": "utf-8",
    "cp-850": "cp850",
    "x-user-defined": "cp1252",
}
# "windows1250", "win-1251", "x-cp1251", "8859-15", "iso88591": the number is right, what stands before it is not.
NUMBERED = re.compile(
    r"(?:x-)?(?:(?:windows|win|cp|ms|dos|ibm)[-_ ]?(?=\d{3,5}$)|(?P<iso>(?:iso[-_ ]?)?8859[-_ ]?(?=\d{1,2}$)))"
    r"(?P<number>\d{1,5})"
)
NOT_CHARSETS = frozenset({"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"})
ISO_2022 = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b(?:\$[@B(]|\([JI])"), ISO_2022_JP),
)
META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
HIGH_BYTES = bytes(range(128, 256))
LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without NUL and lone surrogates, which no database or JSON stores."""
    return LONE_SURROGATES.sub("\ufffd", text.replace("\0", ""))


def codec_for(label: str) -> str:
    """The name of the Python codec that reads this label best, or an empty string."""
    name = label.strip().strip("\"'<>;, ").lower()
    if not name or not name.isascii() or "\0" in name:
        return ""
    name = UNREGISTERED.get(name, name)
    if numbered := NUMBERED.fullmatch(name):
        name = f"{'iso8859-' if numbered['iso'] else 'cp'}{numbered['number']}"
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # The codecs that map bytes to bytes ("base64", "zip") say so in this attribute.
    if found.name in NOT_CHARSETS or not getattr(found, "_is_text_encoding", True):
        return ""
    return WIDER.get(found.name, found.name)


def decode(data: bytes, label: str = "", *, hint: str = "", is_html: bool = False) -> str:
    """The text of these bytes, never raising: label, escapes, UTF-8, HTML meta, hint, guess, cp1252."""
    if data.isascii() and b"\x1b" not in data and not _needs_ascii_codec(label):
        return clean(data.decode("ascii"))
    for codec in _candidates(data, label, hint=hint, is_html=is_html):
        text = _strict(data, codec)
        if text is not None:
            return clean(text)
    return clean(_guess(data))


def _needs_ascii_codec(label: str) -> bool:
    """Labels under which pure ASCII bytes still mean something else."""
    return codec_for(label) in {"utf-7", "hz", "iso2022_kr"}


def _candidates(data: bytes, label: str, *, hint: str, is_html: bool) -> list[str]:
    labelled = codec_for(label)
    if labelled.startswith(("utf-16", "utf-32")) and b"\0" not in data:
        labelled = ""
    escapes = [codec for pattern, codec in ISO_2022 if b"\x1b" in data and pattern.search(data)]
    first = escapes if labelled in {"", "ascii", "utf-8"} else []
    meta = META_CHARSET.search(data[:META_SAMPLE_BYTES]) if is_html else None
    found = [*first, labelled, *escapes, "utf-8-sig"]
    found += [codec_for(meta[1].decode("ascii", "replace")) if meta else "", codec_for(hint)]
    return [codec for codec in dict.fromkeys(found) if codec]


def _strict(data: bytes, codec: str) -> str | None:
    """The decoded text, or None when the bytes do not fit the codec."""
    try:
        text = data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        if codec == BIG5:
            return _strict(data, "big5hkscs")  # with the letters of Hong Kong
        return decode_windows_jis(data) if codec == ISO_2022_JP and b"\x1b" in data else None
    if codec in WINDOWS and C1.search(text):
        return data.decode(WINDOWS[codec], "replace")
    return text.removeprefix("\ufeff")


def _guess(data: bytes) -> str:
    high = len(data) - len(data.translate(None, HIGH_BYTES))
    damaged = data.decode("utf-8", "replace")
    # A cut or a few bad bytes in what is otherwise UTF-8: each good character takes two or more.
    if damaged.count("\ufffd") * HIGH_BYTES_PER_ERROR <= high:
        return damaged
    if high >= MIN_HIGH_BYTES_FOR_DETECTION:
        detected = chardet.detect(data[:DETECTION_SAMPLE_BYTES]).get("encoding") or ""
        text = _strict(data, codec_for(detected)) if codec_for(detected) else None
        if text is not None:
            return text
    return data.decode("cp1252", "replace")
