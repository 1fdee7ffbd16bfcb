"""Items: what is sold, under which SKUs, of which weight, size and class; simple or kit."""
