"""Orders: what was sold, to go where, for how much, and where every unit of it stands."""
