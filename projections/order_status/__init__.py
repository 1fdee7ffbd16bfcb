"""What a customer may know of an order, in words."""
