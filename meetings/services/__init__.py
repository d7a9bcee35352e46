"""Every write of events and attendance that touches more than one row or needs a lock."""
