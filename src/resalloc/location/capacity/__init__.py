"""Sites with capacities: Lagrangian bounds, local search, a tree, split demand by a solver."""
