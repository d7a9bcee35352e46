"""What single pages show, gathered in a constant number of queries."""
