"""Settings → E-mail texts."""

from django.db import transaction

from deskhand.core.changes import put
from deskhand.core.languages import LANGUAGES
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.mail.events import MailSettingsChanged, MailTextChanged
from deskhand.mail.models import MailSettings, MailText, Quote, TextKind
from deskhand.mail.texts import checked_text, shipped_text


class UnknownLanguage(ValueError):
    """No mail can be written in this language."""


@transaction.atomic
def save_text(*, kind: TextKind, language: str, subject: str, body: str, act: Act) -> None:
    """Keep a text in one language; one that is as it came needs no row. Raises TextNotValid."""
    text = checked_text(kind, subject, body)
    if text == shipped_text(kind, language):
        reset_text(kind=kind, language=language, act=act)
        return
    values = {"subject": text.subject, "body": text.body, "changed_at": act.at}
    MailText.objects.update_or_create(kind=kind, language=language, defaults=values)
    record(MailTextChanged(subject_id=1, text_kind=kind, language=language, is_shipped=False), act=act)


@transaction.atomic
def reset_text(*, kind: TextKind, language: str, act: Act) -> None:
    """Go back to the text that came with Deskhand; in a language without one, to the desk's language."""
    gone, _ = MailText.objects.filter(kind=kind, language=language).delete()
    if gone:
        record(MailTextChanged(subject_id=1, text_kind=kind, language=language, is_shipped=True), act=act)


@transaction.atomic
def change_mail_settings(
    *,
    acknowledges: bool,
    announces_closing: bool,
    quote: Quote,
    act: Act,
    language: str = "",
    copies_join: bool = False,
) -> None:
    """Set which notices are sent, what replies repeat, whether copies join, and the language (empty: as it is).

    Raises UnknownLanguage.
    """
    if language and language not in LANGUAGES:
        raise UnknownLanguage(language)
    MailSettings.objects.bulk_create([MailSettings(pk=1)], ignore_conflicts=True)
    row = MailSettings.objects.select_for_update().get(pk=1)
    wanted = {
        "acknowledges": acknowledges,
        "announces_closing": announces_closing,
        "quote": str(quote),
        "copies_join": copies_join,
        "language": language or row.language,
    }
    if changes := put(row, wanted):
        record(MailSettingsChanged(subject_id=1, changes=changes), act=act)
