"""Orders as lists show them: who, when, how far, how much."""
