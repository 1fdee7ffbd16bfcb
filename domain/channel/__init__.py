"""Channels: where orders come from, and the rules they come under."""
