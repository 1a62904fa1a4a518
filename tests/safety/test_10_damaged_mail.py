"""Security row 10: damaged mail becomes a ticket or a row in quarantine, its bytes kept, in bounded time and memory.

The readers alone get 20,000 mutants in tests/mail/test_parsing_damage.py; here some go the whole way.
"""

import random
import tracemalloc

from deskhand.mail.models import InboundMail, Verdict
from deskhand.mail.parsing import parse
from tests.mail.post_office import PostOffice
from tests.mail.samples import samples
from tests.mail.test_parsing_damage import mutant
from tests.safety.conftest import Report, sized

MUTANTS = sized(25, 10_000)
MEGABYTE = 1024 * 1024


def test_every_mutant_comes_to_a_verdict(post: PostOffice, report: Report) -> None:
    choose, originals = random.Random(10), list(samples().values())
    for _ in range(MUTANTS):
        raw = mutant(choose, originals)
        row = post.deliver(raw, envelope_from="cleo@acme.example")
        assert row.verdict not in {Verdict.PENDING, Verdict.FAILED}
        assert bytes(row.raw) == raw
    assert not InboundMail.objects.exclude(attempts__lte=1).exists()
    report("mutants of mail, the whole way", MUTANTS, "each a ticket, an entry or a row with its bytes")


def test_a_large_mail_costs_a_bounded_amount_of_memory(report: Report) -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: base64\n"
    raw += b"Content-Disposition: attachment; filename=a\n\n" + b"QUFB" * 18 * 350_000 + b"\n--b--\n"
    tracemalloc.start()
    assert len(parse(raw).attachments) == 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300 * MEGABYTE
    report("a mail of 25 MB", 1, f"{peak // MEGABYTE} MB at the most")
