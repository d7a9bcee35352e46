"""The Illinois General Assembly: bills and what happens to them, the people who decide, hearings, districts."""
