"""What the General Assembly prints, read: numbers, titles, stages, sponsor changes, amendments. No database."""
