"""A basket that is held for minutes: reserved stock that expires unless an order takes it over."""
