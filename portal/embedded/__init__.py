"""The portal on one machine: PostgreSQL, Redis and a mail catcher from wheels, started and ended together.

`make run`, the tests and the benchmarks use it; production never imports it.
"""
