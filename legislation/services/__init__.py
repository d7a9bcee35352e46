"""Every write of the legislature that touches more than one row or changes a state."""
