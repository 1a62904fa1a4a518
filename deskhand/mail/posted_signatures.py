"""Signatures of posts by elliptic curves (ECDSA), as Twilio SendGrid makes them with a key pair of each account."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key


def is_public_key(text: str) -> bool:
    """Return whether this is a public key for such signatures: SubjectPublicKeyInfo (RFC 5480) in base64."""
    return _key(text) is not None


def is_signed_with(public_key: str, *, signed: bytes, signature: str) -> bool:
    """Return whether the key's owner signed these bytes; `signature` is base64. False also for what is no key."""
    key = _key(public_key)
    try:
        if key is None:
            return False
        key.verify(base64.b64decode(signature, validate=True), signed, ec.ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _key(text: str) -> ec.EllipticCurvePublicKey | None:
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) else None
