"""Locations: warehouses, stores and dropship partners that hold and send stock."""
