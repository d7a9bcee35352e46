"""Courses, sessions, enrollment, fees and scholarships, continuing education, technical assistance."""
