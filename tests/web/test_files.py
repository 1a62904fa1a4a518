from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.test import Client as Browser

from deskhand.files.models import File
from tests.cast import Cast
from tests.web.visitors import signed_in

PNG = b"\x89PNG\r\n\x1a\nrest"


def named(content: bytes, name: str) -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_an_upload_is_kept_for_its_uploader(cast: Cast) -> None:
    answer = signed_in(cast.cleo.user).post("/uploads", {"file": named(PNG, "../../etc/screen.png")})
    file = File.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": file.public_id, "name": "screen.png", "size": len(PNG), "content_type": "image/png", "url": file.url,
    }  # fmt: skip
    assert signed_in(cast.cleo.user).get(file.url).status_code == 200
    for stranger in (cast.dev.user, cast.eve.user, cast.ada.user):
        assert signed_in(stranger).get(file.url).status_code == 404
    assert Browser().get(file.url).status_code == 302


def test_a_file_is_for_whoever_sees_what_it_hangs_on(cast: Cast) -> None:
    file = cast.upload(cast.ben.user)
    cast.staff_reply(cast.ticket(), files=[file])
    for seer in (cast.cleo.user, cast.dev.user, cast.ada.user):
        assert signed_in(seer).get(file.url).status_code == 200
    for stranger in (cast.eve.user, cast.kit.user):
        assert signed_in(stranger).get(file.url).status_code == 404


def test_a_download_is_saved_and_never_run(cast: Cast) -> None:
    file = cast.upload(cast.cleo.user, name='a"b\r\n c.html', content=b"<script>alert(1)</script>")
    answer = signed_in(cast.cleo.user).get(file.url)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''a_b")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; style-src 'none'; sandbox"
    assert answer["Content-Length"] == str(len(body(answer)))
    assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("screen.png", PNG, "inline"),
        ("photo.jpg", b"\xff\xd8\xff\xe0", "inline"),
        ("page.html", b"<script>", "attachment"),
        ("fake.png", b"<svg onload=alert(1)>", "attachment"),
        ("drawing.svg", b"<svg/>", "attachment"),
        ("paper.pdf", b"%PDF-1.7", "attachment"),
    ],
)
def test_only_real_pictures_are_shown(cast: Cast, name: str, content: bytes, shown: str) -> None:
    file = cast.upload(cast.cleo.user, name=name, content=content)
    answer = signed_in(cast.cleo.user).get(f"{file.url}/inline")
    assert answer["Content-Disposition"].startswith(shown)


def test_a_file_over_the_limit_is_refused_with_words(cast: Cast, settings: object) -> None:
    settings.UPLOAD_LIMIT_BYTES = 4  # type: ignore[attr-defined]
    answer = signed_in(cast.cleo.user).post("/uploads", {"file": named(b"12345", "big.bin")})
    assert answer.status_code == 413
    assert "big.bin is larger than" in answer.json()["error"]
    assert not File.objects.exists()


def test_an_upload_without_a_file_says_so(cast: Cast) -> None:
    answer = signed_in(cast.cleo.user).post("/uploads", {"file": "no file"})
    assert answer.status_code == 400
    assert answer.json()["error"] == "No file arrived. Choose it again."


def test_an_empty_file_is_a_file(cast: Cast) -> None:
    assert signed_in(cast.cleo.user).post("/uploads", {"file": named(b"", "empty.txt")}).status_code in {201, 400}


def test_nobody_uploads_without_signing_in(db: None) -> None:
    answer = Browser().post("/uploads", {"file": named(PNG, "screen.png")}, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401
    assert "Sign in again" in answer.content.decode()
    assert not File.objects.exists()


def test_the_bytes_come_back_whole(cast: Cast) -> None:
    content = bytes(range(256)) * 1000
    file = cast.upload(cast.cleo.user, name="all.bin", content=content)
    assert body(signed_in(cast.cleo.user).get(file.url)) == content
    assert default_storage.exists(file.storage_name)
