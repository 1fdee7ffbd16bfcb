"""Which baskets are held, until when, and what became of the others."""
