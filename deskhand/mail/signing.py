"""Short signatures that survive what mail does to addresses: lower case, letters and digits only."""

import base64
import hmac

from django.utils.crypto import salted_hmac

SIGNATURE_BYTES = 16


def signature_of(purpose: str, value: str) -> str:
    """Return 26 characters (128 bits, base32, lower case) that only this desk can make for `value`."""
    digest = salted_hmac(f"deskhand.mail.{purpose}", value.lower(), algorithm="sha256").digest()
    return base64.b32encode(digest[:SIGNATURE_BYTES]).decode().rstrip("=").lower()


def is_signed(purpose: str, value: str, signature: str) -> bool:
    """Return whether `signature` was made by this desk for `value`; compared in constant time, ignoring case."""
    return hmac.compare_digest(signature_of(purpose, value).encode(), signature.lower().encode("utf-8", "replace"))
