"""Explaining: an old decision is made again from what it saw, and compared with its event."""
