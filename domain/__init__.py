"""Decides: commands, events, deciders, routing and process managers as pure functions."""
