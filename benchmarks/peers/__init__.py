"""The location models side by side with what else there is, on one machine in one run."""
