"""What routing asks: an item, and its stock at every location, in one row."""
