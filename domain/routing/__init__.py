"""Routing: which location sends what, an exact function of an order, facts and a policy."""
