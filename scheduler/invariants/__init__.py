"""What must always hold, and how it is looked at while everything runs."""
