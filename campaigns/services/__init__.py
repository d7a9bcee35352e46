"""Every write about campaigns that touches more than one row or changes a state, by noun.

`actions` holds people's answers, `calls` the calls to action, `stories` also the Issue of the Week.
"""
