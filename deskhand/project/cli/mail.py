"""`deskhand mail`: the door for a mail server that hands messages to a program."""

import sys

import click

from deskhand.project.cli.desk import desk, say

EX_TEMPFAIL = 75  # sysexits.h: the mail server keeps the message and tries again


@click.command()
def mail() -> None:
    """Take one raw message (RFC 5322) from standard input.

    Exits 0 once the message is stored safely, 75 when it could not be: the mail server then tries
    again later.
    """
    raw = sys.stdin.buffer.read()
    if not raw.strip():
        raise click.ClickException("There was no message on standard input.")
    try:
        with desk():
            from deskhand.mail.actions.receiving import receive

            receive(raw, via="command")
    except Exception as error:  # noqa: BLE001 -- whatever it is, the message must not be lost
        say(f"deskhand: the message was not stored ({error}); try again later.")
        sys.exit(EX_TEMPFAIL)
