"""Reference data: postal codes, carriers and holidays, in sets named by their content."""
