"""Indicators of research: each has one definition, in code and in words."""
