"""How a fact sheet comes about: facts are gathered for all districts at once, put into words, and set on one page."""
