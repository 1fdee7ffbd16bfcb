"""How many places of locations' working days are taken."""
