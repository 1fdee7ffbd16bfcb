"""Replaying history: other ways to decide, measured by one rule beside what was really done."""
