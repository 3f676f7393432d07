"""Costs from what users have: GeoDataFrames, tables, road graphs."""
