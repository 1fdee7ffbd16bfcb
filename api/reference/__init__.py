"""Reference data from elsewhere as tables that are kept: rate sheets, zone charts, holidays."""
