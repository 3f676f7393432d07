"""Mixed-integer linear models as arrays, and HiGHS, which solves them."""
