"""Benchmarks: each measures against a baseline of the same run and returns one JSON object."""
