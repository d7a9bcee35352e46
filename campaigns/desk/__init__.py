"""Pages and forms of the staff desk about audiences and alerts."""
