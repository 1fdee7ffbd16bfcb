"""Act: everything later or outward, by the clock or after an event."""
