"""Scenarios side by side in lanes: the compiled loops of tables of scenarios."""
