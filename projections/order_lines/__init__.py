"""The lines of orders, with their money and how far each has come."""
