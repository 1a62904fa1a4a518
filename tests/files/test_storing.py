import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile

from deskhand.files.actions.storing import FileTooLarge, StorageUnavailable, read_bytes, store_bytes, store_upload
from deskhand.files.kinds import judge_type, safe_name
from deskhand.files.models import File
from tests.cast import Cast, act_by

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\report.pdf", "report.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("..hidden", "hidden"),
        ("", "file"),
        ("a\r\nb.txt", "a b.txt"),
        ("é" * 300 + ".txt", "é" * 85 + ".txt"),
    ],
)
def test_names_are_safe_to_show_and_to_save(given: str, safe: str) -> None:
    assert safe_name(given) == safe


@pytest.mark.parametrize(
    ("name", "first_bytes", "content_type"),
    [
        ("a.png", PNG, "image/png"),
        ("a.png", b"<svg onload=x>", "application/octet-stream"),
        ("a.svg", b"<svg>", "application/octet-stream"),
        ("a.html", b"<html>", "application/octet-stream"),
        ("a.pdf", b"%PDF", "application/pdf"),
        ("a.jpg", b"GIF89a", "image/gif"),
        ("a", b"", "application/octet-stream"),
    ],
)
def test_types_are_judged_by_content_and_never_active(name: str, first_bytes: bytes, content_type: str) -> None:
    assert judge_type(name, first_bytes) == content_type


def test_bytes_come_back_as_given(cast: Cast) -> None:
    content = PNG + bytes(range(256)) * 1000
    file = store_bytes(content=content, name="a.png", act=act_by(cast.cleo.user))
    assert read_bytes(file) == content
    assert file.size_bytes == len(content)


def test_an_empty_file_is_kept(cast: Cast) -> None:
    assert read_bytes(store_bytes(content=b"", name="empty.txt", act=act_by(cast.cleo.user))) == b""


def test_refuses_a_file_over_the_limit(cast: Cast) -> None:
    upload = ContentFile(b"x" * 11, name="big.bin")
    with pytest.raises(FileTooLarge, match="send a link"):
        store_upload(upload=upload, name="big.bin", limit_bytes=10, act=act_by(cast.cleo.user))
    assert not File.objects.exists()


def test_keeps_no_row_when_the_bytes_cannot_be_written(cast: Cast, settings: LazySettings) -> None:
    full = {"BACKEND": "tests.files.full_disk.FullDisk"}
    settings.STORAGES = {**settings.STORAGES, "default": full}
    with pytest.raises(StorageUnavailable, match="try again later"):
        store_bytes(content=b"x", name="a.txt", act=act_by(cast.cleo.user))
    assert not File.objects.exists()
