"""Solving: the only place that knows HiGHS and PuLP."""
