"""What comes back: statuses, scorecards and results, as values."""
