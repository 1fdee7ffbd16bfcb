"""Items, and the SKUs and aliases that name them."""
