"""Routing policies: immutable versions of how orders are routed."""
