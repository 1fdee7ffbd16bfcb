"""Runs the read models of all partitions: `python -m projections`."""

import sys

from projections.main import main

sys.exit(main())
