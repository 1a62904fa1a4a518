"""Delivery reports: which recipient did not get which mail, and whether for good.

Reports with machine-readable parts (RFC 3464) are read by their fields. The others are told by who
sends them (mailer daemons, the null path), by their subject and by the words of mail servers
(sendmail, qmail, Postfix, Exim, Exchange, Domino, MDaemon, Yahoo and their kin); then the part above
the copy of the returned mail names the recipients. Delays, reports of success, complaints (RFC 5965)
and receipts (RFC 8098) are no failures; only an unknown user or host, or one that moved, is hard.

People write about deliveries too: of parcels that "could not be delivered" and of mail that came back. What neither
a mailer daemon nor the null path sends is a report only where it lists recipients as machines do: on lines of
their own, next to the words of the failure. And they pass reports on, with the machine-readable part attached
(Apple Mail, Thunderbird and Outlook keep it): its fields count only in what a server sent.
"""

import re
from dataclasses import dataclass, replace

from deskhand.mail import bounce_words as words
from deskhand.mail.auto_replies import has_absence_subject
from deskhand.mail.mail_programs import is_from_mail_program
from deskhand.mail.message import Address, Attachment, Bounce, DeliveryState, FailedRecipient, Headers
from deskhand.mail.quoting.separators import is_forwarded, is_original

MAX_REPORT_CHARS = 64 * 1024
MAX_RECIPIENTS = 100
MIN_REPORT_LINES = 5
OPENING_CHARS = 500
LISTED_CHARS = 4000
SAID_CHARS, BEFORE_CHARS = 500, 200
PERSONAL_CHARS = 80
NEWSLETTER_FIELDS = ("list-unsubscribe", "feedback-id")
NULL_PATHS = frozenset({"<>", "<mailer-daemon>"})
STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
COPY_TYPES = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/rfc822-headers"})
ADDRESS = re.compile(
    r"[^\s<>()\[\]\"',;:=@*\uff08\uff09\uff1a\uff0c\u3001\u3002\u300a-\u3011]{1,120}@[A-Za-z0-9][A-Za-z0-9.-]{0,200}[A-Za-z0-9]"
)
# RFC 6531: the field of a report holds nothing but the address, whose domain may be written in any letters.
WIDE_ADDRESS = re.compile(r"[^\s<>@]{1,120}@[^\W_][\w.-]{0,200}[^\W_]")
# RFC 3461 §4: what an original recipient writes for "+" and "=".
XTEXT = re.compile(r"\+(2B|3D)")
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
QMAIL = re.compile(r"^[ \t]{0,9}<[^<>\s@]{1,100}@[^<>\s]{1,200}>:", re.MULTILINE)
LONELY_NAME = re.compile(r"^[ \t]{1,30}([A-Za-z0-9._+-]{2,60})[ \t]{0,30}$", re.MULTILINE)
MESSAGE_ID = re.compile(r"(?im)^message-id:\s*(<[^<>\s]{1,500}>)")
NESTED_RECIPIENT = re.compile(r"(?im)^(?:final|original)-recipient:\s*rfc822;\s*<?([^\s<>;]{1,120}@[^\s<>;]{1,200})")
LISTED = re.compile(
    r"""[^\w<"'@>\n]{0,20}(?P<label>[^\W\d_][^:\uff1a@<>\n]{0,40}[:\uff1a]\s*)?
    (?:"[^"\n]{0,120}"\s*|[^\W\d][^<>@:\n]{0,60}(?=<))?[<(\["']{0,2}(?:SMTP:|mailto:|rfc822;\s*)?
    (?P<address>[^\s<>()\[\]"',;:=@*]{1,120}@[\w.-]{1,250}\w)[>)\]"']{0,2}(?P<rest>.*)""",
    re.IGNORECASE | re.VERBOSE,
)
FIELD = re.compile(r"^([A-Za-z][A-Za-z-]{1,40})\s*:\s*(.*)$")
STATES = {
    "failed": DeliveryState.FAILED,
    "failure": DeliveryState.FAILED,
    "delayed": DeliveryState.DELAYED,
    "delivered": DeliveryState.DELIVERED,
    "relayed": DeliveryState.DELIVERED,
    "expanded": DeliveryState.DELIVERED,
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What the classifier looks at."""

    headers: Headers
    subject: str
    from_: tuple[Address, ...]
    text: str
    attachments: tuple[Attachment, ...]


def find_bounce(
    headers: Headers, subject: str, from_: tuple[Address, ...], text: str, attachments: tuple[Attachment, ...]
) -> Bounce | None:
    """The delivery report this mail is, or None when it is none."""
    letter = Letter(headers, subject, from_, text[:MAX_REPORT_CHARS], attachments)
    types = {one.content_type for one in attachments}
    if "message/feedback-report" in types:
        return None
    found = _by_fields(letter) if types & STATUS_TYPES and _is_from_server(letter) else None
    if found is None and _is_candidate(letter):
        found = _by_words(letter)
    return replace(found, original_message_id=_original_id(letter)) if found else None


def _is_from_server(letter: Letter) -> bool:
    """Whether a server sent this, as its form, path or sender say; a person may have attached its fields."""
    if _is_report_by_form(letter.headers) or _has_null_path(letter.headers):
        return True
    return _is_from_daemon(letter, has_subject=bool(words.SUBJECT.search(letter.subject)))


def _is_report_by_form(headers: Headers) -> bool:
    return headers.get("content-type").strip().lower().startswith("multipart/report")


def _has_null_path(headers: Headers) -> bool:
    return headers.get("return-path").strip().lower() in NULL_PATHS


def _by_fields(letter: Letter) -> Bounce | None:
    """A report by its machine-readable part (RFC 3464 §2.3)."""
    found: list[tuple[DeliveryState, FailedRecipient]] = []
    for one in letter.attachments:
        if one.content_type in STATUS_TYPES:
            content = one.content[:MAX_REPORT_CHARS].decode("utf-8", "replace")
            found += [made for group in _groups(content) if (made := _recipient(group))]
    for state in (DeliveryState.FAILED, DeliveryState.DELAYED, DeliveryState.DELIVERED):
        chosen = {one.address.lower(): one for which, one in found if which is state}
        if chosen:
            return Bounce(state, tuple(chosen.values())[:MAX_RECIPIENTS])
    return None


def _groups(content: str) -> list[dict[str, str]]:
    """The groups of fields of a status part, keys in lower case, folded lines joined."""
    groups: list[dict[str, str]] = [{}]
    key = ""
    for line in content.splitlines():
        if not line.strip():
            groups.append({})
            key = ""
        elif line[0] in " \t" and key:
            groups[-1][key] += " " + line.strip()
        elif found := FIELD.match(line):
            key = found[1].lower()
            if key in {"final-recipient", "original-recipient"} and key in groups[-1]:
                groups.append({})  # some servers forget the blank line between recipients
            groups[-1][key] = found[2].strip()
    return groups


def _recipient(group: dict[str, str]) -> tuple[DeliveryState, FailedRecipient] | None:
    named = group.get("original-recipient") or ""
    final = group.get("final-recipient") or group.get("x-actual-recipient") or ""
    named = XTEXT.sub(lambda found: chr(int(found[1], 16)), named)
    address = _address_in(named) or _address_in(final)
    if not address:
        return None
    diagnostic = group.get("diagnostic-code", "").partition(";")[2].strip() or group.get("diagnostic-code", "")
    found = STATUS.search(group.get("status", "")) or STATUS.search(diagnostic)
    status = found[1] if found else ""
    action = group.get("action", "").split()
    state = STATES.get(action[0].lower().strip("().") if action else "")
    if state is None:
        state = {"4": DeliveryState.DELAYED, "2": DeliveryState.DELIVERED}.get(status[:1], DeliveryState.FAILED)
    is_hard = state is DeliveryState.FAILED and _is_hard(status, diagnostic)
    return state, FailedRecipient(address, status, diagnostic[:500], is_hard)


def _address_in(value: str) -> str:
    text = value.rpartition(";")[2].strip().strip("<>")
    found = ADDRESS.fullmatch(text) or WIDE_ADDRESS.fullmatch(text) or ADDRESS.search(text)
    return found[0] if found else ""


def is_hard_refusal(answer: str) -> bool:
    """Return whether a server's answer at delivery ("550 5.1.1 No such user") says that the address itself is dead."""
    found = STATUS.search(answer[:300])
    return answer.startswith("5") and _is_hard(found[0] if found else "", answer)


def _is_hard(status: str, diagnostic: str) -> bool:
    """Whether the address itself is dead; quota, spam, policy and a sender nobody likes carry 5.x.x as well."""
    if status.startswith("4") or status in words.SENDER_STATUS or words.SENDER.search(diagnostic):
        return False
    if words.HARD.search(diagnostic):
        return True
    return status in words.HARD_STATUS and not words.SOFT.search(diagnostic)


def _is_candidate(letter: Letter) -> bool:
    """Whether sender, path or subject make this a report, judged with the words of its text."""
    has_subject = bool(words.SUBJECT.search(letter.subject))
    is_daemon = _is_from_daemon(letter, has_subject=has_subject)
    if not (is_daemon or has_subject) or _is_answer(letter):
        return False
    report = _report(letter.text)
    if is_daemon:
        return _is_daemon_report(letter, report, has_subject=has_subject)
    is_receipt = any(one.content_type == "message/disposition-notification" for one in letter.attachments)
    if is_receipt or _is_absence_note(letter) or _is_letter(letter, report):
        return False
    if _has_null_path(letter.headers):
        return bool(words.FAILURE.search(report) and _named(letter, report))
    return not words.GREETING.match(report) and _reports(letter, report)


def _is_daemon_report(letter: Letter, report: str, *, has_subject: bool) -> bool:
    """Whether what a daemon sends is a report; a postmaster, who may be a person, is to name a recipient as well."""
    has_words = has_subject or bool(words.FAILURE.search(f"{letter.subject}\n{report}"))
    if _is_surely_daemon(letter):
        return has_words or bool(QMAIL.search(report))
    return has_words and not words.DIGEST.search(letter.subject) and bool(_named(letter, report))


def _is_letter(letter: Letter, report: str) -> bool:
    """Whether a person or a form on a website wrote this, as its subject, header or lines say."""
    headers = letter.headers
    if words.PASSED_ON.match(letter.subject) or is_from_mail_program(headers):
        return True
    if any(name in headers for name in NEWSLETTER_FIELDS):
        return True
    lines = _own_lines(report)
    if any(_is_personal(line) for line in lines) or sum(bool(words.FORM.match(line)) for line in lines) > 1:
        return True
    own = {one.address.lower() for one in letter.from_}
    asked = {one.lower() for one in ADDRESS.findall(headers.get("reply-to"))}
    return bool(asked - own)  # reports ask for no answer


def _own_lines(report: str) -> list[str]:
    """The lines above everything quoted."""
    return [line for line in report[:LISTED_CHARS].split("\n") if line.strip() and not line.startswith(">")]


def _reports(letter: Letter, report: str) -> bool:
    """Whether these are a machine's words, not those of a person who writes about a delivery."""
    lines = _own_lines(report)
    if not words.FAILURE.search("\n".join(lines)[:OPENING_CHARS]):
        return False
    own = {one.address.lower() for one in letter.from_}
    return any(_lists_recipient(lines, at, own) for at, line in enumerate(lines) if "@" in line)


def _is_personal(line: str) -> bool:
    """Whether a person wrote the line, or the program with which that person passes a report on."""
    return is_forwarded(line) or is_original(line) or bool(words.PERSONAL.search(line[-PERSONAL_CHARS:]))


def _lists_recipient(lines: list[str], at: int, own: set[str]) -> bool:
    """Whether a recipient begins this line, next to words of a failure; the sender's own address signs a letter."""
    found = LISTED.match(lines[at])
    if found is None or found["address"].lower() in own:
        return False
    rest = found["rest"].strip()
    reason = rest if rest.startswith((":", "(", "-")) else ""
    if reason == ":":
        reason = "".join(lines[at + 1 : at + 2])
    beside = (lines[at - 1] if at else "", found["label"] or "", reason)
    return any(words.FAILURE.search(one) for one in beside)


def _is_from_daemon(letter: Letter, *, has_subject: bool) -> bool:
    """Whether a mail server wrote this; who greets is a person, though he may be the postmaster."""
    if _is_surely_daemon(letter):
        return True
    names = " ".join(one.name for one in letter.from_)
    if not has_subject and _is_from_mailbox(letter.headers):
        return False
    if words.DAEMON.search(names):
        return True
    role = words.ADMINISTRATOR if has_subject else words.POSTMASTER
    return bool(role.search(f"{names} {_local_parts(letter)}")) and not words.GREETING.match(letter.text)


def _is_surely_daemon(letter: Letter) -> bool:
    """Whether header or address are those that no person has."""
    if "x-failed-recipients" in letter.headers or "delivery-status" in letter.headers.get("content-type").lower():
        return True
    return bool(words.DAEMON.search(_local_parts(letter)))


def _local_parts(letter: Letter) -> str:
    """The senders without their domains: at maildelivery.test work people. The sign tells that it is a local part."""
    locals_ = " ".join(f"{(one.address or one.name).partition('@')[0]}@" for one in letter.from_)
    return locals_ or letter.headers.get("from")


def _is_from_mailbox(headers: Headers) -> bool:
    """Whether the envelope names a sender who could be answered, as that of a server's report does not."""
    path = headers.get("return-path").strip().lower()
    if not path or _has_null_path(headers) or "mailer-daemon@" in path:
        return False
    return not _is_report_by_form(headers)


def _is_answer(letter: Letter) -> bool:
    """Whether a person answers or passes on: then even a postmaster writes a letter, not a report."""
    threads = letter.headers.get("in-reply-to") or letter.headers.get("references")
    return bool(threads and words.ANSWER.match(letter.subject))


def _is_absence_note(letter: Letter) -> bool:
    """Whether a mailbox answers by itself, perhaps to a ticket about mail that was not delivered."""
    headers = letter.headers
    if has_absence_subject(letter.subject):
        return True
    is_auto = headers.get("auto-submitted").lower().startswith("auto-replied") or "x-autoreply" in headers
    return is_auto and bool(headers.get("in-reply-to") or headers.get("references"))


def _by_words(letter: Letter) -> Bounce | None:
    report = _report(letter.text)
    is_delay = bool(words.DELAYED.search(letter.subject) or words.DELAYED.search(report))
    state = DeliveryState.DELAYED if is_delay else DeliveryState.FAILED
    recipients = _named(letter, report)
    if not recipients and not (words.FAILURE.search(report) or words.SUBJECT.search(letter.subject)):
        return None
    made = [_told(address, recipients, report, is_delay=is_delay) for address in recipients[:MAX_RECIPIENTS]]
    return Bounce(state, tuple(made))


def _told(address: str, recipients: list[str], report: str, *, is_delay: bool) -> FailedRecipient:
    """A recipient with what the report says about it: another one's reason is not its own."""
    said = _said_about(address, recipients, report)
    found = STATUS.search(said) or STATUS.search(report)
    status = found[1] if found else ""
    return FailedRecipient(address, status, said, not is_delay and _is_hard(status, said))


def _report(text: str) -> str:
    """The server's own words: what stands above the copy of the returned mail."""
    kept: list[str] = []
    has_words = False
    for line in text.split("\n"):
        core = line[:200].strip(words.DRAWN_EDGE)
        if has_words and core and _begins_copy(line, core):
            break
        kept.append(line)
        has_words = has_words or "@" in line or len(kept) > MIN_REPORT_LINES
    report = "\n".join(kept)
    inline = words.INLINE_COPY.search(report)
    return report[: inline.start()] if inline and "@" in report[: inline.start()] else report


def _begins_copy(line: str, core: str) -> bool:
    """Whether this line announces the copy of the returned mail."""
    is_drawn = line.lstrip(" \t>|")[:2].strip("-_=*|~") == ""
    return bool(words.COPY_PLAIN.match(core) or (is_drawn and words.COPY_DRAWN.search(core[:60])))


def _named(letter: Letter, report: str) -> list[str]:
    """The recipients the report names, most certain first."""
    ours = {one.lower() for one in ADDRESS.findall(letter.headers.get("to"))}
    ours |= {one.address.lower() for one in letter.from_}
    failed = ADDRESS.findall(letter.headers.get("x-failed-recipients"))
    sure: list[str] = []
    doubtful: list[str] = []
    for line in report.splitlines():
        target = doubtful if words.NOT_FAILED.search(line) else sure
        target += [one for one in ADDRESS.findall(line) if not _is_machine(one)]
    sure += ADDRESS.findall(letter.subject) if not sure else []
    names = failed + [one for one in sure if one.lower() not in ours]
    names = names or _local_names(letter, report) or _nested(letter)
    names = names or [one for one in doubtful if one.lower() not in ours] or _copied_to(letter)
    return list({one.lower(): one for one in names}.values())


def _local_names(letter: Letter, report: str) -> list[str]:
    """Local parts alone on a line, at the reporting server's own domain."""
    domain = next((one.address.rpartition("@")[2] for one in letter.from_ if "@" in one.address), "")
    return [f"{name}@{domain}" for name in LONELY_NAME.findall(report)[:5]] if domain else []


def _nested(letter: Letter) -> list[str]:
    """The recipients of a report that a gateway wrapped into another mail."""
    for one in letter.attachments:
        if one.content_type in COPY_TYPES:
            return NESTED_RECIPIENT.findall(one.content[:MAX_REPORT_CHARS].decode("utf-8", "replace"))
    return []


def _copied_to(letter: Letter) -> list[str]:
    """The recipients of the returned mail, when the report names none."""
    for one in letter.attachments:
        if one.content_type in COPY_TYPES:
            head = one.content[:16384].decode("utf-8", "replace").partition("\n\n")[0]
            found = re.search(r"(?im)^to:\s*([^\r\n]{1,500})", head)
            return ADDRESS.findall(found[1])[:1] if found else []
    return []


def _is_machine(address: str) -> bool:
    return bool(re.match(r"(?i)(?:postmaster|mailer-daemon|abuse|hostmaster|mdaemon|support|helpdesk)@", address))


def _said_about(address: str, recipients: list[str], report: str) -> str:
    """The words behind an address, up to the next recipient's; with those before it where only they give a reason."""
    low = report.lower()
    at = low.find(address.lower())
    if at < 0:
        return ""
    begin = at + len(address)
    others = (low.find(one.lower(), begin, at + SAID_CHARS) for one in recipients[:MAX_RECIPIENTS] if one != address)
    end = min((found for found in others if found >= 0), default=at + SAID_CHARS)
    said = " ".join(report[at:end].split())[:300]
    before = report[max(0, at - BEFORE_CHARS) : at]
    is_reason_above = len(recipients) == 1 and words.HARD.search(before) and not words.SOFT.search(before + said)
    return " ".join(f"{before}{said}".split()) if is_reason_above and not words.HARD.search(said) else said


def _original_id(letter: Letter) -> str:
    for one in letter.attachments:
        if one.content_type in COPY_TYPES:
            found = MESSAGE_ID.search(one.content[:MAX_REPORT_CHARS].decode("utf-8", "replace"))
            if found:
                return found[1]
    found = MESSAGE_ID.search(letter.text)
    return found[1] if found else ""
