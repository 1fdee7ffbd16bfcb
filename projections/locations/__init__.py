"""Warehouses, stores and partners as they stand."""
