"""Placing and re-routing: what is wanted is checked, routed on facts, and decided on truth."""
