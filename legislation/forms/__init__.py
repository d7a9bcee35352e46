"""Forms of the legislature. They check; services write."""
