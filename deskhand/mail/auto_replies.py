"""Mail no person wrote, and mail nobody may answer automatically (RFC 3834).

Known phenomena: Auto-Submitted; the fields of Exchange, Lotus, cPanel, qmail, Mailtraq, Zimbra, Yandex
and of other helpdesks; Precedence; list and bulk fields; the null return path; subjects of absence notes
in the languages that send no field at all.

People choose such subjects too: "OOO: set up for Bo, please", "Auto: VW Golf". What they typed in a mail program opens
a ticket, and is not answered all the same, in case a machine did write it.
"""

import re
from dataclasses import dataclass

from deskhand.mail.mail_programs import is_from_mail_program
from deskhand.mail.message import Headers

AUTO_FIELDS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-mail-autoreply",
    "x-auto-reply-from",
    "x-autoreply-from",
    "x-vacation",
    "x-cron-env",
    "x-ms-exchange-generated-message-source",
    "x-zimbra-ooo",
    "x-yandex-vacation",
    "x-fc-machinegenerated",
    "x-amazon-auto-reply",
    "x-apple-action",
)
LIST_FIELDS = (
    "list-id",
    "list-unsubscribe",
    "list-post",
    "list-help",
    "x-mailing-list",
    "mailing-list",
    "x-mailinglist",
    "x-list",
    "feedback-id",
    "x-csa-complaints",
    "x-campaign-id",
    "x-mailgun-sid",
)
MACHINE_FIELDS = frozenset({"auto-submitted", "x-auto-response-suppress", "x-loop", "precedence"})
OUR_LOOP_FIELD = "x-deskhand-loop"
HELPDESK_FIELDS = ("x-zendesk-from-account-id", "x-freescout-mail-type", "x-rt-loop-prevention", "x-otrs-loop")
PRECEDENCE_FIELDS = ("precedence", "x-precedence", "preference")
AUTO_PRECEDENCE = frozenset({"auto_reply", "auto-reply", "autoreply"})
BULK_PRECEDENCE = frozenset({"bulk", "list", "junk"})
AUTO_SUBJECT = re.compile(
    r"""^\W{0,3}(?:
    auto(?:matic|mated|matisch\w*|matick\w*|matikus|maattinen|matyczn\w*|m[aá]tica|matique|matica|matisk\w*)?
        [\s:_-]{0,3}(?:reply|response|svar|antwort\w*|antwoord|v[aá]lasz|odpov\w*|odpowied\w*|vastaus\w*)\b
    | auto(?=\s*:) | auto[\s-]?(?:reply|response|responder|svar|antwort|antwoord|message)\b
    | r[eé]ponse\s+automatique | respuesta\s+autom[aá]tica | resposta\s+autom[aá]tica
    | risposta\s+automatica | r[aă]spuns\s+automat | automatick[aá]\s+odpov | otomatik\s+(?:yan[iı]t|cevap)
    | out\s+of\s+(?:the\s+)?office | away\s+from\s+(?:the|my)\s+(?:office|mail|desk) | on\s+vacation\b
    | (?:automatische\s+)?abwesenheits(?:notiz|nachricht|meldung|mitteilung|hinweis|assistent)
    | abwesend\b | afwezig(?:heids?\w*)?
    | fr[aå]nvar(?:ande|o)\b | (?:message\s+d['\u2019])absence | absence\s+du\s+bureau | absent(?:e)?\s+du\s+bureau
    | fuera\s+de\s+(?:la\s+)?oficina | fora\s+d[oe]\s+escrit[oó]rio | poissaoloilmoitus
    | fuori\s+sede | poza\s+biurem | nieobecno[sś][cć] | mimo\s+kancel | ofis\s+d[iı][sş][iı]nda | poissa\b
    | автоответ | автоматический\s+ответ | автоматична\s+відповідь | вне\s+офиса
    | 自動(?:応答|返信|回复|回覆) | 自动(?:回复|答复) | 부재\s*중(?:\s*알림)? | 자동\s*(?:회신|응답)
    | רד\s+אוטומטי | (?:תשובה|מענה)\s+אוטומטית? | (?:ال)?رد\s+(?:ال)?تلقائي | پاسخ\s+خودکار
    | odpowied[zź]\s+automatyczna | (?:automatski|samodejni)\s+odgovor | аутоматски\s+одговор | автоматичен\s+отговор
    | αυτόματη\s+απάντηση | automaat(?:ne\s+)?vastus | autom[aā]tisk[aā]\s+atbilde | automatinis\s+atsakymas
    | resposta\s+automàtica | erantzun\s+automatikoa | trả\s+lời\s+tự\s+động | balasan\s+(?:otomatis|automatik)
    | ตอบกลับอัตโนมัติ | स्वचालित\s+उत्तर | ooo(?=\s*:) | vacation\s+(?:reply|response|notice|message)
    | i(?:\s+am|['\u2019]m)\s+(?:currently\s+)?out\s+of\s+(?:the\s+)?office | ich\s+bin\s+nicht\s+im\s+b[uü]ro
    | fuori\s+ufficio | nieobecno[sś][cć]\s+w\s+(?:biurze|pracy) | mimo\s+kancel[aá][rř](?:i[ae]|iu)?
    | ikke\s+på\s+kontoret | ej\s+på\s+kontoret | inte\s+på\s+kontoret
    | fr[aå]v[aæ]r(?:ande|ende)(?=\s*:) | poissa\s+toimistosta
    | (?:irodán|házon)\s+kívül | ausência\s+(?:temporária|do\s+escritório) | поза\s+офісом | нет\s+на\s+месте
    | εκτός\s+γραφείου | 不在(?:通知|のお知らせ|届)? | 외근\s*중
    )
    # What follows keeps "Automatic reply is broken" a letter, and "On vacation from Monday, who takes over?".
    (?: \s+ (?: auto[\s-]?reply | re | fwd? | aw ) \b
        | \s+ (?: from | von | de | until | till | bis | vom | hasta | fino | tot ) \b
          (?: [^,;.!?] | (?<=\d)\. | \.(?=\S) ){0,40} \.? $
        | \s* (?: [:：!()\[\]】–-] | $ ) )""",
    re.IGNORECASE | re.VERBOSE,
)
# Lotus Notes names the absent one and nothing else.
NOTES_SUBJECT = re.compile(
    r"^[^\n:?,]{2,60}\s(?:is\s+out\s+of\s+the\s+office|ist\s+außer\s+haus|est\s+absent\(e\))\.$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class AutoFlags:
    """`is_auto_reply`: a machine answered. `suppress_response`: no machine of ours may answer."""

    is_auto_reply: bool
    suppress_response: bool


def read_flags(headers: Headers, subject: str) -> AutoFlags:
    """The two flags of a mail, from its header and decoded subject alone."""
    names = {name.lower() for name, _ in headers}
    has_subject = has_absence_subject(subject)
    is_auto = _is_notified(headers) or _is_auto_reply(headers, names, subject)
    return AutoFlags(is_auto, is_auto or has_subject or _is_suppressed(headers, names))


def has_absence_subject(subject: str) -> bool:
    """Return whether the subject is worded as those of absence notes and other automatic answers are."""
    return bool(AUTO_SUBJECT.match(subject) or NOTES_SUBJECT.match(subject))


def is_notice(headers: Headers, subject: str) -> bool:
    """Whether a machine tells something of its own accord and answers nothing: a monitor, a form on a website.

    Only the header says so (RFC 5436 §2.7.1); whatever else speaks for an automatic answer outweighs it.
    """
    names = {name.lower() for name, _ in headers}
    return _is_notified(headers) and not _is_auto_reply(headers, names, subject)


def _is_notified(headers: Headers) -> bool:
    return headers.get("auto-submitted").strip().lower().startswith("auto-notified")


def _is_auto_reply(headers: Headers, names: set[str], subject: str) -> bool:
    if _says_so(headers, names):
        return True
    return has_absence_subject(subject) and not _is_typed(headers, names)


def _says_so(headers: Headers, names: set[str]) -> bool:
    if headers.get("auto-submitted").strip().lower().startswith("auto-replied"):
        return True
    if any(headers.get(name).strip().lower() in AUTO_PRECEDENCE for name in PRECEDENCE_FIELDS):
        return True
    if "autoresponder" in f"{headers.get('delivered-to')} {headers.get('x-post-messageclass')}".lower().split():
        return True
    if any(name in names and headers.get(name).strip().lower() not in {"no", "false"} for name in AUTO_FIELDS):
        return True
    if headers.get("x-mailer").lower().startswith("vacation"):
        return True
    return "x-autogenerated" in names and headers.get("x-autogenerated").strip().lower() == "reply"


def _is_typed(headers: Headers, names: set[str]) -> bool:
    """Whether a mail program made it, and nothing in the header says that it did so by itself."""
    if names & MACHINE_FIELDS or _has_null_path(headers, names):
        return False
    return is_from_mail_program(headers)


def _has_null_path(headers: Headers, names: set[str]) -> bool:
    return "return-path" in names and headers.get("return-path").strip() in {"<>", ""}


def _is_suppressed(headers: Headers, names: set[str]) -> bool:
    submitted = headers.get("auto-submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return True
    if headers.get("precedence").strip().lower() in BULK_PRECEDENCE:
        return True
    wanted = {part.strip().lower() for part in headers.get("x-auto-response-suppress").split(",")}
    if wanted & {"all", "oof", "autoreply"}:
        return True
    if _has_null_path(headers, names):
        return True
    return bool(names.intersection(LIST_FIELDS)) or OUR_LOOP_FIELD in names or bool(names.intersection(HELPDESK_FIELDS))
