"""One handler per command: what it reads, plans and decides."""
