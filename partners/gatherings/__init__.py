"""What every occasion shares to which people come together: events of councils, advocacy days, trainings.

Abstract models, seats and waiting lists, calendar files, attendance reports. Rooms above fill them with their own rows:
`meetings` with events, `trainings` with sessions.
"""
