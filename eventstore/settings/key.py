"""The key that wraps every person's key: its form, and its file beside the embedded server."""

import base64
import binascii
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

KEY_BYTES: Final = 32
KEY_FILE: Final = "key-encryption-key"


def decode_key(text: str) -> bytes:
    """Return the 32 bytes that the base64 text stands for.

    Raises:
        ValueError: it is no base64, or not 32 bytes.
    """
    try:
        key = base64.b64decode(text.strip().translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError("must be 32 random bytes in base64, as `openssl rand -base64 32` makes")
    return key


def read_or_make_key(folder: Path) -> str:
    """Return the key in the folder's file, made at the first call; readable by us alone.

    The file appears whole or not at all, and of several processes at once one makes it.
    """
    path = folder / KEY_FILE
    if not path.exists():
        draft = folder / f"{KEY_FILE}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
