"""Re-optimisation: a plan for each of a few futures, what they share, what to regret least."""
