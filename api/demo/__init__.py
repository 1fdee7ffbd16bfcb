"""The demo: a real shop's month of invoices, read into orders, stock and places."""
