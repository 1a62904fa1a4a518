import pytest

from deskhand.core.sizes import file_size


@pytest.mark.parametrize(
    ("size_bytes", "expected"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 KB"),
        (412_000, "412 KB"),
        (999_600, "1.0 MB"),
        (1_440_000, "1.4 MB"),
        (9_960_000, "10 MB"),
        (25_000_000, "25 MB"),
        (3_200_000_000, "3.2 GB"),
    ],
)
def test_reads_as_file_managers_show_it(size_bytes: int, expected: str) -> None:
    assert file_size(size_bytes) == expected
