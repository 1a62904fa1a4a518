"""Security row 9: where disk or database are full the sender hears "try again", and afterwards all mail is complete."""

import asyncio
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from deskhand.files.actions.storing import StorageUnavailable, read_bytes
from deskhand.mail import lmtp
from deskhand.mail.actions.processing import process_mail
from deskhand.mail.models import InboundMail, Verdict
from deskhand.tickets.models import Attachment
from tests.cast import NOON
from tests.mail.post_office import SUPPORT, mail
from tests.mail.smtp_servers import looping
from tests.safety.conftest import Report

pytestmark = pytest.mark.django_db(transaction=True)
FULL = """
CREATE FUNCTION out_of_space() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = %s; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON mail_inboundmail FOR EACH ROW EXECUTE FUNCTION out_of_space();
"""
FAULTS = {"disk full": "53100", "I/O error": "58030", "out of memory": "53200", "read only": "25006"}
MAILS = 8


@contextmanager
def broken(code: str) -> Iterator[None]:
    """Let every insert of a mail fail as PostgreSQL fails with this code."""
    with connection.cursor() as cursor:
        cursor.execute(FULL, [code])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION out_of_space CASCADE")


@contextmanager
def the_door() -> Iterator[int]:
    with looping() as loop:
        serving = lmtp.serve("127.0.0.1", 0)
        port = asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result(20)
        try:
            yield port
        finally:
            asyncio.run_coroutine_threadsafe(serving.__aexit__(None, None, None), loop).result(20)


def answer(port: int, raw: bytes) -> int:
    """Hand a mail over; returns the code of the answer."""
    with smtplib.LMTP("127.0.0.1", port, timeout=20) as client:
        try:
            client.sendmail("cleo@acme.example", [SUPPORT], raw)
        except smtplib.SMTPDataError as error:
            return error.smtp_code
        except smtplib.SMTPRecipientsRefused as error:
            return next(iter(error.recipients.values()))[0]
        return 250


@pytest.mark.usefixtures("committed_cast", "mailbox")
def test_mail_waits_outside_and_is_complete_afterwards(report: Report, tmp_path: Path) -> None:
    wanted = {f"Mail {n}": bytes([65 + n]) * 500 for n in range(MAILS)}
    raws = [
        mail(name, subject=name, files=(("a.bin", "application/x-a", content),)) for name, content in wanted.items()
    ]
    trials = 0
    with the_door() as port:
        for code in FAULTS.values():
            with broken(code):
                for raw in raws:
                    assert 400 <= answer(port, raw) < 500
                    trials += 1
        assert not InboundMail.objects.exists()
        assert [answer(port, raw) for raw in raws] == [250] * MAILS
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder is wanted")
    storages = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": blocked}}}
    for row in InboundMail.objects.all():
        with override_settings(STORAGES=storages), pytest.raises(StorageUnavailable):
            process_mail(row.pk, now=NOON)
        trials += 1
        process_mail(row.pk, now=NOON)
    assert set(InboundMail.objects.values_list("verdict", flat=True)) == {Verdict.TICKET_OPENED}
    attached = Attachment.objects.select_related("file", "ticket")
    assert {one.ticket.subject: read_bytes(one.file) for one in attached} == wanted
    report("disk full and I/O errors", trials, f"each answered 4xx or tried again, {MAILS} mails complete")
