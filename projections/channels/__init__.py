"""Channels and the rules that their orders come under."""
