"""Sealing of personal data: AES-GCM with a key per person, bound to the event and the person."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from eventstore.errors import SealError

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class SubjectSeal:
    """Seals and opens texts of one event about one person; `used` once it sealed any."""

    def __init__(self, key: bytes, *, subject_id: str, event_id: UUID) -> None:
        """Bind the 256-bit key to the event and the person."""
        self._cipher = AESGCM(key)
        self._bound_to = event_id.bytes + subject_id.encode()
        self.used = False

    def seal(self, text: str) -> str:
        """Return nonce and ciphertext in URL-safe base64."""
        self.used = True
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), self._bound_to)
        return urlsafe_b64encode(nonce + sealed).decode()

    def open(self, token: str) -> str | None:
        """Return the clear text.

        Raises:
            SealError: the token was altered or belongs to another event or person.
        """
        try:
            raw = urlsafe_b64decode(token)
            return self._cipher.decrypt(
                raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], self._bound_to
            ).decode()
        except (InvalidTag, ValueError) as error:
            msg = "a sealed text was altered, or belongs to another event or person"
            raise SealError(msg) from error


class ClosedSeal:
    """Opens nothing: for readers that need no personal data, and for erased persons."""

    used = False

    def seal(self, text: str) -> str:
        """Refuse: what cannot be opened again must not be written."""
        del text
        msg = "personal data about nobody: the decision names no subject"
        raise SealError(msg)

    def open(self, token: str) -> str | None:
        """Return nothing."""
        del token
        return None


CLOSED: Final = ClosedSeal()


class DigestSeal:
    """Passes texts through, for a keyed digest that never leaves memory."""

    def seal(self, text: str) -> str:
        """Return the text."""
        return text

    def open(self, token: str) -> str | None:
        """Return the text."""
        return token


def wrap(key: bytes, *, by: bytes, subject_id: str) -> bytes:
    """Return a person's key encrypted by the key from settings, bound to the person."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(by).encrypt(nonce, key, subject_id.encode())


def unwrap(wrapped: bytes, *, by: bytes, subject_id: str) -> bytes:
    """Return a person's key.

    Raises:
        SealError: it was wrapped by another key, altered, or belongs to another person.
    """
    try:
        return AESGCM(by).decrypt(
            wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], subject_id.encode()
        )
    except InvalidTag as error:
        msg = f"another key wrapped that of {subject_id!r}; check TAKTSTOCK_KEY_ENCRYPTION_KEY"
        raise SealError(msg) from error
