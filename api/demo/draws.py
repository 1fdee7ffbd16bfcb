"""Numbers that look random and are the same on every machine, in every run."""

from hashlib import blake2b

_BYTES = 8


def draw(limit: int, *keys: object) -> int:
    """Return a whole number from 0 to `limit` - 1 that depends on nothing but the keys.

    Even but for a bias below limit / 2**64. Raises ValueError for a limit below 1.
    """
    if limit < 1:
        raise ValueError(f"nothing can be drawn from {limit} possibilities")
    text = "\x1f".join(str(key) for key in keys)
    return int.from_bytes(blake2b(text.encode(), digest_size=_BYTES).digest()) % limit
