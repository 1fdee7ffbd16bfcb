"""Capacity: how many fulfilments a location takes on a working day."""
