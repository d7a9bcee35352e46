"""What every app's public pages share at the lowest floor: limits on forms, and the base of forms."""
