"""`deskhand mail`: the door for a mail server that hands messages to a program."""

import sys

import click

from deskhand.project.cli.desk import desk, say

EX_DATAERR = 65
EX_TEMPFAIL = 75  # sysexits.h: the mail server keeps the message and tries again


@click.command()
@click.option("--from", "sender", default="", help="The envelope's sender (MAIL FROM).")
@click.option("--to", "recipients", multiple=True, help="An envelope's recipient (RCPT TO); may be repeated.")
def mail(sender: str, recipients: tuple[str, ...]) -> None:
    """Take one raw message (RFC 5322) from standard input.

    Exits 0 once the message is stored safely, 75 when it could not be: the mail server then tries
    again later.
    """
    raw = sys.stdin.buffer.read()
    if not raw.strip():
        say("deskhand: there was no message on standard input.")
        sys.exit(EX_DATAERR)
    try:
        with desk():
            from django.utils import timezone

            from deskhand.mail.actions.receiving import receive
            from deskhand.mail.models import Door

            receive(raw, door=Door.COMMAND, at=timezone.now(), envelope_from=sender, envelope_to=recipients)
    except BaseException as error:  # noqa: BLE001 -- whatever it is, the message must not be lost
        say(f"deskhand: the message was not stored ({error}); try again later.")
        sys.exit(EX_TEMPFAIL)
