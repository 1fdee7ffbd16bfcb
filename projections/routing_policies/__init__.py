"""Which versions of which policies there are, and which are in force."""
