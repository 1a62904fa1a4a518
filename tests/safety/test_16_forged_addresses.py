"""Security row 16: forged, foreign and revoked reply addresses, return addresses and Message-IDs are worth nothing."""

import random
import string

from django.test import override_settings

from deskhand.mail.addresses import (
    agent_reply_address,
    bounce_address,
    new_message_id,
    read_bounce_address,
    read_message_id,
    read_reply_address,
    reply_address,
)
from deskhand.mail.models import Verdict
from tests.cast import Cast
from tests.mail.post_office import PostOffice, mail
from tests.safety.conftest import Report, sized

FORGERIES = sized(5_000, 100_000)
LETTERS = string.ascii_lowercase + "234567"


def forged(choose: random.Random, true: str) -> str:
    """Return the address or id with one letter of its signature, number or kind changed, or a signature made up."""
    local, at, rest = true.partition("@")
    kind = choose.randrange(3)
    if kind == 0:
        place = choose.randrange(len(local) - 26, len(local))
        other = choose.choice([letter for letter in LETTERS if letter != local[place]])
        return local[:place] + other + local[place + 1 :] + at + rest
    if kind == 1:
        return local[:-26] + "".join(choose.choices(LETTERS, k=26)) + at + rest
    place = next(place for place, letter in enumerate(local) if letter.isdigit())
    other = choose.choice([digit for digit in "123456789" if digit != local[place]])
    return local[:place] + other + local[place + 1 :] + at + rest


def test_no_forgery_is_read(report: Report) -> None:
    choose = random.Random(16)
    for number in range(FORGERIES):
        assert read_reply_address(forged(choose, reply_address(1042))) is None
        assert read_reply_address(forged(choose, agent_reply_address(1042, 17, is_for_team=number % 2 == 0))) is None
        assert read_bounce_address(forged(choose, bounce_address(37))) is None
        assert read_message_id(forged(choose, new_message_id(1042))) is None
    report("forged addresses and Message-IDs", FORGERIES * 4, "none read")


def test_what_another_key_signed_is_foreign(report: Report) -> None:
    with override_settings(SECRET_KEY="of another desk"):
        foreign = (reply_address(1042), agent_reply_address(1042, 17), bounce_address(37), new_message_id(1042))
    read = (read_reply_address(foreign[0]), read_reply_address(foreign[1]), read_bounce_address(foreign[2]))
    assert (*read, read_message_id(foreign[3])) == (None, None, None, None)
    report("addresses of another desk", len(foreign), "none read")


def test_a_signature_serves_one_purpose_only(report: Report) -> None:
    plain, agents, teams = (
        reply_address(1042),
        agent_reply_address(1042, 17),
        agent_reply_address(1042, 17, is_for_team=True),
    )
    signatures = [address.partition("@")[0][-26:] for address in (plain, agents, teams)]
    trials = 0
    for address in (plain, agents, teams):
        local, _, domain = address.partition("@")
        for signature in signatures:
            changed = f"{local[:-26]}{signature}@{domain}"
            assert (read_reply_address(changed) is None) == (changed != address)
            trials += 1
    report("signatures made for something else", trials, "none taken")


def test_forged_addresses_lead_nowhere(post: PostOffice, cast: Cast, report: Report) -> None:
    ticket, choose = cast.ticket(), random.Random(17)
    tries = [forged(choose, reply_address(ticket.number)) for _ in range(10)]
    tries += [address.replace("@", "@evil.") for address in (reply_address(ticket.number),)]
    for address in tries:
        row = post.deliver(mail(sender="who@nowhere.example", to=address), envelope_to=(address,))
        assert (row.verdict, row.ticket_id == ticket.pk) == (Verdict.TICKET_OPENED, False)
    assert ticket.messages.count() == 1
    report("mail to forged addresses", len(tries), "none on the ticket")
