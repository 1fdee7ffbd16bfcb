"""What happened to an order, in words, one row per event."""
