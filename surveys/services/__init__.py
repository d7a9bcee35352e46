"""Every write of surveys that touches more than one row or needs a lock."""
