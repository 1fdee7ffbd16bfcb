"""How far a long bench is, on standard error, so that its output stays one JSON object."""

import sys


def tell(line: str) -> None:
    """Write a line at once."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
