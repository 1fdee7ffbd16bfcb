"""The settings of every process, read from environment variables and checked once."""

from eventstore.settings.load import SettingsError, load_settings
from eventstore.settings.model import DEFAULT_PARTITION, PartitionPlace, Settings

__all__ = ["DEFAULT_PARTITION", "PartitionPlace", "Settings", "SettingsError", "load_settings"]
