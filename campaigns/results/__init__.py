"""What became of an alert: numbers that say what they count, live and in the end."""
