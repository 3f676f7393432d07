"""``python -m resalloc.cli``."""

from resalloc.cli import app

app()
