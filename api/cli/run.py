"""`taktstock run`: a real month of orders to look at, then everything as `taktstock up`."""

from api.cli.demo import prepare_month
from api.cli.places import DEFAULT, PartitionOption
from api.cli.serve import DEFAULT_HOST, DEFAULT_PORT, HostOption, PortOption
from api.cli.up import start_everything


def run(
    host: HostOption = DEFAULT_HOST,
    port: PortOption = DEFAULT_PORT,
    partition: PartitionOption = DEFAULT,
) -> None:
    """Load a real month of orders, unless it is there, then serve until told to stop."""
    start_everything(host, port, partition, prepare=prepare_month)
