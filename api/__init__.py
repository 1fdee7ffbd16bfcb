"""Listen: every inbound door, over HTTP and on the command line."""
