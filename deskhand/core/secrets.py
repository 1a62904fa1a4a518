"""Secrets at rest: encrypted with a key made from SECRET_KEY (Fernet: AES-128-CBC with HMAC-SHA256)."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class SecretUnreadable(ValueError):
    """It was sealed with another key."""


def seal(plain: str) -> str:
    """Return `plain` encrypted, as text that can be stored; nothing stays nothing."""
    return _box().encrypt(plain.encode()).decode() if plain else ""


def unseal(sealed: str) -> str:
    """Return what was sealed. Raises SecretUnreadable when the key is another one now, or the text was changed."""
    try:
        return _box().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken as error:
        raise SecretUnreadable("It was stored with another DESKHAND_SECRET_KEY. Enter it again.") from error


def _box() -> Fernet:
    key = hashlib.sha256(b"deskhand.core.secrets:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
