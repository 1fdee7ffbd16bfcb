"""The command line: `taktstock`."""
