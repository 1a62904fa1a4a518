"""One signed GET of an object in S3, against a server on a real socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest

from deskhand.core.http import HttpTrouble
from deskhand.mail import s3
from deskhand.mail.s3 import AccessKey, endpoint, fetch_object, signed_headers
from tests.cast import NOON
from tests.core.web_servers import Asked, Said, Script, Site, always, serving

KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


@pytest.fixture
def may_call_here(settings: Any) -> None:
    settings.HTTP_ALLOW = (ip_network("127.0.0.0/8"),)


@contextmanager
def bucket(script: Script, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with serving(script) as site:
        monkeypatch.setattr(s3, "endpoint", lambda region: f"{site.url('')}/{region}")
        yield site


def fetched(name: str = "in/1") -> bytes:
    return fetch_object("mail-in", name, key=KEY, region="eu-west-1", at=NOON)


def test_signs_as_amazons_own_example_does() -> None:
    # "Example: GET Object" of Amazon's description of Signature Version 4
    headers = signed_headers(
        "https://examplebucket.s3.amazonaws.com/test.txt",
        key=KEY,
        region="us-east-1",
        at=datetime(2013, 5, 24, tzinfo=UTC),
        headers={"range": "bytes=0-9"},
    )
    assert headers["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_every_region_has_its_endpoint() -> None:
    assert endpoint("eu-west-1") == "https://s3.eu-west-1.amazonaws.com"
    assert endpoint("cn-north-1") == "https://s3.cn-north-1.amazonaws.com.cn"


@pytest.mark.usefixtures("may_call_here")
def test_what_is_asked_is_what_was_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    with bucket(always(b"raw"), monkeypatch) as site:
        assert fetched("in/ü +?#%/../1") == b"raw"
    asked = site.asked[0]
    assert asked.path == "/eu-west-1/mail-in/in/%C3%BC%20%2B%3F%23%25/../1"
    signed = signed_headers(f"http://{asked.headers['host']}{asked.path}", key=KEY, region="eu-west-1", at=NOON)
    assert asked.headers["authorization"] == signed["authorization"]
    assert KEY.secret not in str(asked.headers)


@pytest.mark.usefixtures("may_call_here")
def test_a_bucket_of_another_region_is_asked_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere(asked: Asked) -> Said:
        is_there = asked.path.startswith("/us-east-1/")
        return Said(b"raw") if is_there else Said(b"", 301, {"x-amz-bucket-region": "us-east-1"})

    with bucket(elsewhere, monkeypatch) as site:
        assert fetched() == b"raw"
    assert "/us-east-1/s3/" in site.asked[1].headers["authorization"]


@pytest.mark.usefixtures("may_call_here")
@pytest.mark.parametrize(
    ("script", "words"),
    [
        (always(b"<Error><Code>NoSuchKey</Code></Error>", 404), "answered 404 NoSuchKey when asked for the mail in/1"),
        (always(b"?", 500), "answered 500 when asked"),
        (always(b"", 301, x_amz_bucket_region="evil.example/"), "answered 301 when asked"),
        (always(b"", 301, x_amz_bucket_region="us-east-1"), "answered 301 when asked"),
        (always(b"...", x_amz_meta_x_amz_key_v2="k"), "Switch off “Message encryption”"),
    ],
)
def test_trouble_is_told_in_words_for_who_set_it_up(
    monkeypatch: pytest.MonkeyPatch, script: Script, words: str
) -> None:
    with bucket(script, monkeypatch) as site, pytest.raises(HttpTrouble, match=words):
        fetched()
    assert len(site.asked) <= 2


def test_a_server_that_is_away_is_trouble(may_call_here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with bucket(always(b""), monkeypatch):
        pass
    with pytest.raises(HttpTrouble):
        fetched()


def test_inner_doors_stay_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    with bucket(always(b"secret"), monkeypatch) as site, pytest.raises(HttpTrouble):
        fetched()
    assert site.asked == []
