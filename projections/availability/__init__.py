"""What can be sold: stock by item and location, and by item and channel."""
