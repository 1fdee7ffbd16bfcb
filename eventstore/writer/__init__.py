"""The command group: one writer per partition and process decides and appends many at once."""
