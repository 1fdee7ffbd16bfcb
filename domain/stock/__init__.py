"""Stock items: an item's stock at one location, its reservations, backorders and counts."""
