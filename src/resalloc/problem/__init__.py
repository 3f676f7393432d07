"""Where norms and district meet: the problem, its columns and its rows."""
