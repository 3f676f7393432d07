"""The floating catchment family: how much supply is within reach, per head."""
