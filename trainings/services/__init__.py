"""Every write of trainings that touches more than one row or needs a lock."""
