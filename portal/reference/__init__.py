"""What the portal starts with: areas, counties, sub-sectors, pillars, mail topics, the coalition's facts.

Plain data; `portal.reference.load` writes what is missing and leaves alone what staff have changed.
"""
