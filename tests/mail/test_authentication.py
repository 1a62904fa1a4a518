import time

import pytest

from deskhand.mail.authentication import Authentication, read_authentication
from deskhand.mail.message import Headers

NOTHING = Authentication()
PROVEN = Authentication(is_proven=True)
REFUTED = Authentication(is_refuted=True)


def read(*values: str, below: tuple[str, ...] = ()) -> Authentication:
    fields = [("Authentication-Results", value) for value in values]
    fields += [("Received", "from x by mx.desk.example")]
    fields += [("Authentication-Results", value) for value in below]
    return read_authentication(Headers(tuple(fields)), from_address="ben@desk.example", servers=["mx.desk.example"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("mx.desk.example; dmarc=pass header.from=desk.example", PROVEN),
        ("mx.desk.example 1; dmarc=pass (p=reject dis=none) header.from=desk.example", PROVEN),
        ("MX.desk.example; spf=pass smtp.mailfrom=x@y.example;\tdmarc=fail header.from=desk.example", REFUTED),
        ("mx.desk.example; dkim=pass header.d=desk.example header.s=k1", PROVEN),
        ("mx.desk.example; dkim=pass header.i=@desk.example", PROVEN),
        ("mx.desk.example; dkim=pass header.d=evil.example", NOTHING),
        ("mx.desk.example; dkim=pass header.d=sk.example", NOTHING),
        ("mx.desk.example; dkim=pass header.d=example", NOTHING),
        ("mx.desk.example; dkim=fail header.d=desk.example", NOTHING),
        ("mx.desk.example; spf=pass smtp.mailfrom=ben@desk.example", NOTHING),
        ("mx.desk.example; dmarc=none header.from=desk.example; dkim=pass header.d=desk.example", PROVEN),
        ("mx.desk.example; dmarc=pass header.from=evil.example", NOTHING),
        ("mx.evil.example; dmarc=pass header.from=desk.example", NOTHING),
        ("mx.evil.example (mx.desk.example); dmarc=pass header.from=desk.example", NOTHING),
        ("mx.desk.example; none", NOTHING),
        ("mx.desk.example; xdmarc=pass header.from=desk.example", NOTHING),
        ("", NOTHING),
    ],
)
def test_believes_our_own_server_alone(value: str, expected: Authentication) -> None:
    assert read(value) == expected


def test_does_not_believe_what_came_with_the_mail() -> None:
    assert read(below=("mx.desk.example; dmarc=pass header.from=desk.example",)) == NOTHING


def test_a_failure_beside_a_pass_is_a_doubt() -> None:
    both = (
        "mx.desk.example; dmarc=pass header.from=desk.example",
        "mx.desk.example; dmarc=fail header.from=desk.example",
    )
    assert read(*both) == REFUTED


@pytest.mark.parametrize(
    "value",
    [
        'spf=pass smtp.mailfrom="x; dkim=pass header.d=desk.example; y"@evil.example',
        'spf=pass smtp.mailfrom="x\\"; dkim=pass header.d=desk.example; y=\\""@evil.example',
        'spf=pass (domain of "a) ; dkim=pass header.d=desk.example (b"@evil.example designates 1.2.3.4)',
        'spf=pass (domain of "a\\") ; dkim=pass header.d=desk.example (\\"b"@evil.example designates 1.2.3.4)',
        "spf=pass (domain of a) ; dkim=pass header.d=desk.example (b@evil.example) smtp.mailfrom=a) ; x=y (b@evil",
        "spf=pass smtp.mailfrom=x; dkim=pass header.d=desk.example; y@evil.example",
        "spf=pass (a (b) ; dkim=pass header.d=desk.example ) smtp.mailfrom=evil.example",
        "spf=pass (a \\) ; dkim=pass header.d=desk.example ) smtp.mailfrom=evil.example",
        'dkim=fail reason="bad; dkim=pass header.d=desk.example" header.d=evil.example',
        'dkim=pass header.s="a header.d=desk.example" header.d=evil.example',
        'dkim=pass header.i="ben@desk.example"@evil.example header.d=evil.example',
        "dkim=pass header.d=evil.example header.from=desk.example",
        "dmarc=pass header.from=evil.example smtp.mailfrom=desk.example",
        'dkim=pass header.d=desk.example; spf=pass smtp.mailfrom="x',
        "dkim=pass header.d=desk.example; spf=pass (no end",
        "dkim=pass header.d=desk.example) (; spf=none",
    ],
)
def test_the_senders_own_words_prove_nothing(value: str) -> None:
    assert read(f"mx.desk.example; {value}") == NOTHING


@pytest.mark.parametrize(
    "broken", ['spf=pass smtp.mailfrom="a@evil.example', "spf=pass (domain of a(@evil.example)", "a b"]
)
def test_a_failure_is_not_hidden_by_breaking_the_field(broken: str) -> None:
    assert read(f"mx.desk.example; {broken}; dmarc=fail header.from=desk.example") == REFUTED
    assert read(f"mx.desk.example; {broken}; dmarc=pass header.from=desk.example") == NOTHING


def test_a_broken_field_says_nothing_against_another() -> None:
    broken, whole = "mx.desk.example; spf=pass (a", "mx.desk.example; dkim=pass header.d=desk.example"
    assert read(broken, whole) == PROVEN


@pytest.mark.parametrize(
    "value",
    [
        # OpenDKIM and OpenDMARC behind Postfix
        (
            "dkim=pass (2048-bit key; unprotected) header.d=desk.example header.i=@desk.example header.a=rsa-sha256"
            ' header.s=k1 header.b="Ab+/c=="; dkim-atps=neutral'
        ),
        "dmarc=pass (p=reject dis=none) header.from=desk.example",
        # rspamd
        (
            'dkim=pass header.d=desk.example header.s=k1 header.b=aB3/+x; dkim=fail ("body hash did not verify")'
            " header.d=list.example header.s=s header.b=x; spf=pass (mx.desk.example: domain of ben@desk.example"
            " designates 192.0.2.1 as permitted sender) smtp.mailfrom=ben@desk.example; dmarc=pass (policy=none)"
            " header.from=desk.example"
        ),
        # Exim
        (
            "iprev=pass (mail.desk.example) smtp.remote-ip=192.0.2.1; auth=pass (PLAIN) smtp.auth=DESK\\ben;"
            " spf=pass smtp.mailfrom=desk.example; dkim=pass header.d=desk.example header.s=k1 header.a=rsa-sha256;"
            " dmarc=pass header.from=desk.example; arc=none"
        ),
        # Gmail
        (
            "dkim=pass header.i=@desk.example header.s=20230601 header.b=a1B2c3D4; spf=pass (google.com: domain of"
            " ben@desk.example designates 2001:db8::1 as permitted sender) smtp.mailfrom=ben@desk.example;"
            " dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=desk.example; dara=pass header.i=@desk.example"
        ),
        # Microsoft 365
        (
            "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=desk.example; dkim=pass (signature was verified)"
            " header.d=desk.example;dmarc=pass action=none header.from=desk.example;compauth=pass reason=100"
        ),
        # Yahoo
        (
            "dkim=pass header.i=@desk.example header.s=pf2014; spf=pass smtp.mailfrom=desk.example;"
            " dmarc=pass(p=NONE) header.from=desk.example;"
        ),
        # Fastmail
        (
            "arc=none (no signatures found); bimi=skipped (DMARC not at enforcement); dkim=pass"
            " (1024-bit rsa key sha256) header.d=desk.example header.i=@desk.example header.b=Zb/1+Q"
            " header.a=rsa-sha256 header.s=k1 x-bits=1024; dmarc=pass policy.published-domain-policy=none"
            " policy.evaluated-disposition=none (p=none,d=none,d.eval=none) policy.policy-from=p"
            " header.from=desk.example; x-tls=pass smtp.version=TLSv1.3"
            " smtp.bits=256/256; x-vs=clean score=-100 state=0"
        ),
        # what RFC 8601 allows besides
        '(a "note" (in another\\)) one) dkim / 1 = pass (good) header.d = "desk.example"',
        "dkim=pass header.d=Desk.example.; none",
        'spf=pass smtp.mailfrom="odd; one"@desk.example; dkim=pass header.d=desk.example',
        'spf=pass smtp.mailfrom=""; dkim=pass header.d=desk.example',
    ],
)
def test_reads_what_servers_write(value: str) -> None:
    assert read(f"mx.desk.example; {value}") == PROVEN
    assert read(f"mx.desk.example (their server);\t{value}") == PROVEN


@pytest.mark.parametrize(
    "unit",
    [
        "(",
        '"',
        '\\"',
        "(a)",
        '("',
        ";",
        "dkim ",
        "dkim/1 ",
        "header.d ",
        "header.d=",
        " ",
        "\\",
        '"a" ',
        "dmarc ",
        "a=b;",
    ],
)
def test_hostile_fields_take_time_by_their_length_alone(unit: str) -> None:
    long = unit * (100_000 // len(unit))
    begun = time.process_time()
    read(
        f"mx.desk.example; {long}", f'mx.desk.example; dkim=pass "{long}', f"mx.desk.example; dkim{' ' * 100_000}{long}"
    )
    assert time.process_time() - begun < 5
