"""Depth-first search whose depth is bounded by memory alone, not by the interpreter's stack.

An order has up to a thousand lines, each from several locations: deeper than Python recurses.
"""

from collections.abc import Generator
from typing import TypeAlias

Descent: TypeAlias = Generator["Descent", None, None]
"""A node's visit: yields the visits of its children, each when it is to be made."""


def descend(root: Descent) -> None:
    """Visit a tree depth first, every node's children in the order it yields them."""
    path = [root]
    while path:
        child = next(path[-1], None)
        if child is None:
            path.pop()
        else:
            path.append(child)
