"""Subjects: persons whose data is sealed with a key of their own, and can be erased."""
