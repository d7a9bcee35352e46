"""Other ways to send the same alert, each run by the Python of an environment of its own.

Nothing here is imported by the portal's own Python; `bench.delivery_peers` starts these modules.
"""
