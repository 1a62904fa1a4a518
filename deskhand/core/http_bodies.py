"""Reading the body of an answer, packed or not, only up to a limit."""

import zlib
from collections.abc import Iterable, Mapping

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_PLAIN = frozenset({"", "identity"})
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})


class BodyTooLarge(Exception):
    """The body is longer than the limit."""


class BodyUnreadable(Exception):
    """The body is packed in a way we did not ask for, or damaged."""


def read_body(chunks: Iterable[bytes], headers: Mapping[str, str], most: int) -> bytes:
    """Return the body, unpacked. Reads and unpacks hardly more than `most` bytes; raises BodyTooLarge, BodyUnreadable.

    Answers are asked for unpacked (`Accept-Encoding: identity`), but some servers pack all the same.
    """
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > most:
        raise BodyTooLarge
    coding = headers.get("content-encoding", "").strip().lower()
    if coding in _PLAIN:
        return _joined(chunks, most)
    if coding in _PACKED:
        return _joined(_unpacked(chunks, most), most)
    raise BodyUnreadable


def _joined(chunks: Iterable[bytes], most: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most:
            raise BodyTooLarge
    return bytes(body)


def _unpacked(chunks: Iterable[bytes], most: int) -> Iterable[bytes]:
    reader = zlib.decompressobj(_GZIP_OR_ZLIB)
    seen = 0
    for chunk in chunks:
        seen += len(chunk)
        if seen > most:
            raise BodyTooLarge
        try:
            # No more than one byte over the limit is ever unpacked, however small the packed form.
            yield reader.decompress(chunk, most + 1)
        except zlib.error as error:
            raise BodyUnreadable from error
        if reader.unconsumed_tail:
            raise BodyTooLarge
    if not reader.eof:
        raise BodyUnreadable
