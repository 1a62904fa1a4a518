"""Security row 12: whoever writes in the name of victims makes the desk send each at most one fixed text a day."""

import re
from datetime import timedelta

from deskhand.mail.models import OutboundMail
from tests.cast import NOON
from tests.mail.post_office import PostOffice, mail
from tests.safety.conftest import Report, sized

VICTIMS, EACH = sized(4, 200), sized(4, 50)


def test_victims_get_one_fixed_text_a_day(post: PostOffice, report: Report) -> None:
    lure = "Buy at http://evil.example now"
    for number in range(VICTIMS * EACH):
        victim = f"victim{number % VICTIMS}@far.example"
        raw = mail(lure, sender=f'"{lure}" <{victim}>', subject=f"{lure} {number}")
        post.deliver(raw, at=NOON + timedelta(minutes=number * 24 * 60 // (VICTIMS * EACH)), envelope_from=victim)
    sent = list(OutboundMail.objects.values("recipients_line", "subject", "text", "to_addresses"))
    assert len(sent) == VICTIMS
    assert len({one["recipients_line"] for one in sent}) == VICTIMS
    assert not [one for one in sent if "evil.example" in str(one)]
    assert len({re.sub(r"\d+", "", one["text"]) for one in sent}) == 1
    report("forged victims by mail", VICTIMS * EACH, f"{len(sent)} fixed texts to {VICTIMS} people")
