"""The `taktstock` command."""
