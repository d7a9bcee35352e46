"""Pieces of training pages that bring their own data."""
