"""Calling other servers: real servers, real sockets, and everything a hostile one may try."""

import ast
import gzip
import ssl
import zlib
from ipaddress import ip_network
from pathlib import Path
from threading import Event

import pytest
from django.conf import LazySettings

import deskhand
from deskhand.core.http import AddressRefused, Answer, HttpTrouble, Limits, fetch
from tests.core.certificates import context_for
from tests.core.web_servers import Asked, Said, always, dribbling, serving

PACKAGE = Path(deskhand.__file__).parent
BRIEF = Limits(seconds=0.4)


@pytest.fixture(autouse=True)
def this_machine_is_allowed(settings: LazySettings) -> None:
    settings.HTTP_ALLOW = [ip_network("127.0.0.1")]


@pytest.fixture
def nothing_is_allowed(settings: LazySettings) -> None:
    settings.HTTP_ALLOW = []


def at_home(host: str, port: int) -> list[str]:
    """Every name is this machine's."""
    return ["127.0.0.1"]


def get(url: str, limits: Limits | None = None) -> Answer:
    return fetch(url, limits=limits, resolve=at_home)


def test_hands_back_status_headers_and_body() -> None:
    with serving(always(b"hello", 418, X_Kind="teapot")) as site:
        answer = get(site.url("/pot?a=1#part"))
    assert (answer.status, answer.body, answer.headers["x-kind"]) == (418, b"hello", "teapot")
    assert site.asked[0].path == "/pot?a=1"


def test_posts_a_body_under_the_name_that_was_called() -> None:
    with serving(always()) as site:
        url = site.url("/token", host="login.example")
        fetch(url, method="POST", body=b"a=1", headers={"X-One": "1"}, resolve=at_home)
    asked = site.asked[0]
    assert (asked.method, asked.body, asked.headers["x-one"]) == ("POST", b"a=1", "1")
    assert asked.headers["host"] == f"login.example:{site.port}"


def test_proxies_and_credentials_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(always(b"direct")) as site:
        assert get(site.url()).body == b"direct"
    assert "authorization" not in site.asked[0].headers


@pytest.mark.usefixtures("nothing_is_allowed")
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1", "017700000001", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_never_called_however_it_is_written(host: str) -> None:
    with serving(always()) as site, pytest.raises(HttpTrouble):
        fetch(site.url(host=host))
    assert site.asked == []


@pytest.mark.usefixtures("nothing_is_allowed")
@pytest.mark.parametrize("port", ["", ":80", ":8443"])
def test_a_name_with_an_inner_address_among_its_addresses_is_refused(port: str) -> None:
    with pytest.raises(AddressRefused, match="DESKHAND_HTTP_ALLOW"):
        fetch(f"http://rebind.example{port}/", resolve=lambda host, port: ["93.184.215.14", "10.0.0.5"])


def test_a_name_is_resolved_once_and_the_checked_address_called() -> None:
    asked_for: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked_for.append(host)
        return ["127.0.0.1"] if len(asked_for) == 1 else ["127.0.0.2"]

    with serving(always(b"the first")) as site:
        assert fetch(site.url(host="rebind.example"), resolve=rebinding).body == b"the first"
    assert asked_for == ["rebind.example"]


def test_a_redirect_is_resolved_and_checked_anew() -> None:
    addresses = iter([["127.0.0.1"], ["127.0.0.2"]])  # the second one is not allowed
    with serving(lambda asked: Said(status=302, headers={"Location": "/inner"})) as site:
        url = site.url(host="rebind.example")
        with pytest.raises(AddressRefused):
            fetch(url, limits=Limits(redirects=3), resolve=lambda host, port: next(addresses))
    assert [asked.path for asked in site.asked] == ["/"]


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://127.0.0.2/", "//10.0.0.1/"],
)
def test_a_redirect_to_an_inner_address_is_not_followed(target: str) -> None:
    with serving(lambda asked: Said(status=302, headers={"Location": target})) as site, pytest.raises(AddressRefused):
        fetch(site.url(), limits=Limits(redirects=3))


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x/", "javascript:1", "http://["]
)
def test_a_redirect_to_another_scheme_is_not_followed(target: str) -> None:
    with serving(lambda asked: Said(status=302, headers={"Location": target})) as site, pytest.raises(AddressRefused):
        get(site.url(), Limits(redirects=3))


def test_redirects_are_followed_only_when_asked_for() -> None:
    def script(asked: Asked) -> Said:
        return Said(b"there") if asked.path == "/there" else Said(status=301, headers={"Location": "/there"})

    with serving(script) as site:
        assert get(site.url()).status == 301
        answer = get(site.url(), Limits(redirects=1))
    assert (answer.body, answer.url) == (b"there", site.url("/there"))


def test_a_post_is_never_sent_again_to_where_a_redirect_points() -> None:
    with serving(lambda asked: Said(status=307, headers={"Location": "/there"})) as site:
        answer = fetch(site.url(), method="POST", body=b"secret", resolve=at_home)
    assert (answer.status, len(site.asked)) == (307, 1)


def test_redirects_in_a_circle_come_to_an_end() -> None:
    with (
        serving(lambda asked: Said(status=302, headers={"Location": "/"})) as site,
        pytest.raises(HttpTrouble, match="more than 3 times"),
    ):
        get(site.url(), Limits(redirects=3))
    assert len(site.asked) == 4


def test_credentials_stay_with_the_server_they_are_for() -> None:
    with serving(always()) as other:

        def script(asked: Asked) -> Said:
            return Said(status=302, headers={"Location": "/same" if asked.path == "/" else other.url("/other")})

        with serving(script) as site:
            headers = {"Authorization": "Bearer secret", "Cookie": "a=1", "Accept": "image/*"}
            fetch(site.url(), headers=headers, limits=Limits(redirects=3), resolve=at_home)
    assert site.asked[1].headers["authorization"] == "Bearer secret"
    told = other.asked[0].headers
    assert ("authorization" in told, "cookie" in told, told["accept"]) == (False, False, "image/*")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "//example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://",
        "http:///path",
        "http://user:secret@example.com/",
        "http://user@example.com/",
        "http://example.com:99999/",
        "http://example.com:0/",
        "http://example.com:http/",
        "http://[::1",
        "http://exam ple.com/",
        "http://example.com/\r\nX-Injected: 1",
        "http://example.com\\@127.0.0.1/",
        "http://bücher.example/",
        "http://example.com/" + "a" * 9000,
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        get(url)


@pytest.mark.usefixtures("nothing_is_allowed")
@pytest.mark.parametrize("port", [22, 25, 143, 993, 3306, 5432, 6379, 11211])
def test_ports_of_other_protocols_are_refused(port: int) -> None:
    with pytest.raises(AddressRefused, match=f"Port {port}"):
        fetch(f"http://example.com:{port}/", resolve=lambda host, port: ["93.184.215.14"])


def test_a_header_cannot_begin_another_one() -> None:
    with serving(always()) as site, pytest.raises(HttpTrouble):
        fetch(site.url(), headers={"X-One": "1\r\nX-Two: 2"})
    assert site.asked == []


def test_an_answer_over_the_limit_is_not_read_to_its_end() -> None:
    with serving(always(b"x" * 2000)) as site, pytest.raises(HttpTrouble, match="more than 1,000 bytes"):
        get(site.url(), Limits(body_bytes=1000))
    with (
        dribbling([b"HTTP/1.1 200 OK\r\n\r\n"], pause_seconds=0.001, endless=b"x" * 65536) as site,
        pytest.raises(HttpTrouble, match="more than 1,000,000 bytes"),
    ):
        get(site.url(), Limits(body_bytes=1_000_000))


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_packed_answer_is_unpacked_only_up_to_the_limit(coding: str) -> None:
    pack = gzip.compress if coding == "gzip" else zlib.compress
    with serving(always(pack(b"hello"), Content_Encoding=coding)) as site:
        assert get(site.url()).body == b"hello"
    with (
        serving(always(pack(bytes(50_000_000)), Content_Encoding=coding)) as site,
        pytest.raises(HttpTrouble, match="more than 100,000 bytes"),
    ):
        get(site.url(), Limits(body_bytes=100_000))


@pytest.mark.parametrize(
    ("body", "coding"),
    [(b"not packed", "gzip"), (gzip.compress(b"hello", mtime=0)[:-9], "gzip"), (b"x", "br"), (b"x", "gzip, gzip")],
)
def test_an_answer_packed_in_another_way_or_damaged_is_refused(body: bytes, coding: str) -> None:
    with serving(always(body, Content_Encoding=coding)) as site, pytest.raises(HttpTrouble, match="cannot be read"):
        get(site.url())


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX-", b"HTTP/1.1 200 OK\r\n\r\n", b""])
def test_dribbled_bytes_do_not_hold_the_call_beyond_its_time(start: bytes) -> None:
    with (
        dribbling([start], pause_seconds=0.02, endless=b"a") as site,
        pytest.raises(HttpTrouble, match=r"within 0\.4 seconds"),
    ):
        get(site.url(), BRIEF)


def test_a_resolver_that_never_answers_does_not_hold_the_call() -> None:
    is_over = Event()

    def silent(host: str, port: int) -> list[str]:
        is_over.wait()
        return []

    try:
        with pytest.raises(HttpTrouble, match=r"within 0\.4 seconds"):
            fetch("http://example.com/", limits=BRIEF, resolve=silent)
    finally:
        is_over.set()


@pytest.mark.parametrize(
    "said",
    [b"", b"220 smtp.example ESMTP\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"],
)
def test_an_answer_that_is_none_is_told_as_trouble(said: bytes) -> None:
    with dribbling([said], pause_seconds=0) as site, pytest.raises(HttpTrouble, match="could not be reached"):
        get(site.url())


def test_headers_without_end_are_cut_off() -> None:
    with (
        dribbling([b"HTTP/1.1 200 OK\r\nX: "], pause_seconds=0.0001, endless=b"a" * 65536) as site,
        pytest.raises(HttpTrouble),
    ):
        get(site.url(), Limits(seconds=30))


def test_a_server_that_is_not_there_is_told_as_trouble() -> None:
    with serving(always()) as site:
        url = site.url()
    with pytest.raises(HttpTrouble, match=r"127\.0\.0\.1 could not be reached"):
        get(url)


def test_a_name_without_address_is_told_as_trouble() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    with pytest.raises(HttpTrouble, match="Name or service not known"):
        fetch("https://nowhere.example/", resolve=unknown)


def test_json_that_is_none_is_told_as_trouble() -> None:
    with serving(always(b"<html>", 502)) as site, pytest.raises(HttpTrouble, match="answered 502"):
        get(site.url()).json()


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Return a server's context with a certificate for login.example, which this process trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    return context_for("login.example", tmp_path)


def test_the_certificate_has_to_be_that_of_the_name(certified: ssl.SSLContext) -> None:
    with serving(always(b"secured"), tls=certified) as site:
        assert get(site.url(host="login.example")).body == b"secured"
        with pytest.raises(HttpTrouble, match="certificate"):
            get(site.url(host="other.example"))


CLIENTS = {"aiohttp", "http.client", "httpcore2", "httpx", "requests", "urllib.request", "urllib3"}
MAY = {"core/http.py", "core/connecting.py", "project/cli/up.py"}  # the last one asks only its own desk


def test_no_other_module_calls_anyone() -> None:
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if CLIENTS & _imported(node)
    }
    assert found == MAY


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return set()
