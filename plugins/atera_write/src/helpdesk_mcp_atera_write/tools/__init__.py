"""One tool in each file."""
