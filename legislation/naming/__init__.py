"""Whose name it is: printed names of members and committees, and who sat when."""
