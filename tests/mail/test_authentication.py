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
