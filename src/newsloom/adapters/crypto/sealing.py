"""Authenticated encryption of private fields, and reading of what the origin left: both by `cryptography`.

AES-256-GCM with a fresh random nonce of 96 bits each time (NIST SP 800-38D, section 8.2.2). The record's id, the field's name and
the key's id are authenticated with it, so a value that is changed or put elsewhere does not open.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.padding import PKCS7

from newsloom.adapters.crypto.keys import KeyRing
from newsloom.errors import SecuredError
from newsloom.vocab.secured import VERSION, LegacyValue, SealedField

NONCE_BYTES = 12
TAG_BYTES = 16


class AesGcmSealer:
    """Implements `ports.sealing.Sealer` with the keys of *ring*."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    @property
    def current(self) -> str:
        """The id of the key that new values are sealed with."""
        return self._ring.current

    def seal(self, text: str, *, record: str, field: str) -> SealedField:
        """Return *text* sealed for the *field* of the *record*, and for no other place."""
        key = self._ring.current
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self._ring.keys[key]).encrypt(nonce, text.encode("utf-8"), _context(key, record, field))
        return SealedField(key, nonce + sealed)

    def open(self, sealed: SealedField, *, record: str, field: str) -> str:
        """Return the text in *sealed*.

        Raises:
            SecuredError: its key is not at hand, or the value was changed, or moved from another record or field.
        """
        key = self._ring.keys.get(sealed.key)
        if key is None:
            raise SecuredError(
                f"the key {sealed.key} is not at hand",
                where=field,
                hint=f"At hand: {', '.join(self._ring.keys)}. Add the missing key below the others",
            )
        try:
            return decrypt(key, sealed.data, _context(sealed.key, record, field)).decode("utf-8")
        except (InvalidTag, UnicodeDecodeError):
            raise SecuredError(
                "the value does not open: it was changed, or put here from another record or field",
                where=field,
                hint="Restore it from the record's history",
            ) from None


def decrypt(key: bytes, data: bytes, context: bytes) -> bytes:
    """Return the plaintext of *data*: 12 bytes of nonce, ciphertext, 16 bytes of tag, sealed beside *context*.

    Raises:
        InvalidTag: not so sealed with *key*, or cut short.
    """
    if len(data) < NONCE_BYTES + TAG_BYTES:
        raise InvalidTag
    return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], context)


def open_legacy(value: LegacyValue, key: bytes) -> bytes:
    """Return the plaintext of a value of the origin: AES-CBC with PKCS #7 padding.

    Nothing authenticates it: who could write the file could change it unnoticed.

    Raises:
        SecuredError: the padding is wrong, as it nearly always is with the wrong key.
    """
    decryptor = Cipher(algorithms.AES(key), modes.CBC(value.vector)).decryptor()
    padded = decryptor.update(value.ciphertext) + decryptor.finalize()
    unpadder = PKCS7(128).unpadder()
    try:
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        raise SecuredError("the old value does not open with this key", hint="Check the key") from None


def _context(key: str, record: str, field: str) -> bytes:
    """Return what is authenticated beside the text; no part can hold the separator, so no two contexts are alike."""
    return b"\x00".join(part.encode("utf-8") for part in (VERSION, key, record, field))
