"""Security row 5: forged senders and control fields are held, whatever is claimed about SPF, DKIM and DMARC."""

from itertools import product

from django.test import override_settings

from deskhand.mail.addresses import agent_reply_address, reply_address
from deskhand.mail.models import OutboundMail, Verdict
from deskhand.tickets.models import Message
from tests.cast import Cast
from tests.mail.post_office import SUPPORT, PostOffice, mail
from tests.safety.conftest import IS_FULL, Report

OURS, FOREIGN = "mx.desk.example", "mx.evil.example"
CLAIMS = {
    "nothing": "",
    "foreign server": f"{FOREIGN}; dmarc=pass header.from=desk.example",
    "name like ours": f"{OURS}.evil.example; dmarc=pass header.from=desk.example",
    "spf alone": f"{OURS}; spf=pass smtp.mailfrom=desk.example",
    "dkim of another": f"{OURS}; dkim=pass header.d=evil.example",
    "dkim of a lookalike": f"{OURS}; dkim=pass header.d=xdesk.example",
    "dmarc fails": f"{OURS}; dmarc=fail header.from=desk.example; dkim=pass header.d=desk.example",
    "claimed in a comment": f"{OURS} (dmarc=pass header.from=desk.example); dmarc=none",
}
CONTROLS: dict[str, dict[str, str]] = {
    "none": {},
    "sender": {"Sender": "ben@desk.example"},
    "reply to": {"Reply-To": "ben@desk.example"},
    "on behalf": {"X-Original-From": "ben@desk.example", "X-Forwarded-For": "ben@desk.example"},
    "our loop field": {"X-Deskhand-Loop": "desk.localhost"},
    "automatic": {"Auto-Submitted": "auto-replied"},
    "automatic, precedence": {"Precedence": "auto_reply", "X-Autoreply": "yes"},
}
trusting = override_settings(MAIL_AUTHSERV_IDS=[OURS])


def shown() -> int:
    return Message.objects.shown_to_clients().count()


@trusting
def test_nobody_speaks_for_an_agent(post: PostOffice, cast: Cast, report: Report) -> None:
    ticket = cast.ticket()
    to = agent_reply_address(ticket.number, cast.ben.pk)
    before, trials = shown(), 0
    addresses = (to, reply_address(ticket.number))
    for number, (claim, fields, address) in enumerate(product(CLAIMS.values(), CONTROLS.values(), addresses)):
        if not IS_FULL and number % 3:
            continue  # every claim, field and address still comes, each with others
        raw = mail(
            "Send money.",
            sender="Ben <ben@desk.example>",
            to=address,
            headers={"Authentication-Results": claim, **fields},
        )
        row = post.deliver(raw, envelope_from="ben@desk.example")
        assert row.verdict in {Verdict.HELD, Verdict.QUARANTINED, Verdict.AUTO_REPLY}, (claim, fields)
        trials += 1
    assert (shown(), OutboundMail.objects.count()) == (before, 0)
    report("forged agents", trials, "all held, nothing shown or sent")


@trusting
def test_proof_below_a_received_field_is_worth_nothing(post: PostOffice, cast: Cast, report: Report) -> None:
    ticket = cast.ticket()
    proof = f"{OURS}; dmarc=pass header.from=desk.example"
    raw = mail("x", sender="ben@desk.example", to=agent_reply_address(ticket.number, cast.ben.pk))
    row = post.deliver(b"Received: from evil\nAuthentication-Results: " + proof.encode() + b"\n" + raw)
    assert row.verdict == Verdict.HELD
    report("proof that came with the mail", 1, "held")


@trusting
def test_nobody_speaks_for_a_client_whose_domain_denies_it(post: PostOffice, cast: Cast, report: Report) -> None:
    ticket = cast.ticket()
    before, trials = shown(), 0
    results = ("dmarc=fail header.from=acme.example", "dmarc=permerror")
    for fields, result, to in product(CONTROLS.values(), results, (reply_address(ticket.number), SUPPORT)):
        raw = mail("x", to=to, headers={"Authentication-Results": f"{OURS}; {result}", **fields})
        assert post.deliver(raw).verdict in {Verdict.HELD, Verdict.AUTO_REPLY}, (fields, result)
        trials += 1
    assert shown() == before
    report("forged clients", trials, "all held")
