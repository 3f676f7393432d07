"""Numbers a sweep reports beside the clauses: who waits how long, how evenly beds are shared."""
