"""The public pages: stories, campaigns, calls to action, the agenda."""
