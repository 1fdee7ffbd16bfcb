"""The search: whole numbers in, the best choice of locations, amounts and carriers out."""
