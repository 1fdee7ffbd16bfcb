"""Keeps: the log on Postgres, and `Oms`, the one door for commands."""
