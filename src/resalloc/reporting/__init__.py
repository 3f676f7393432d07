"""Handing results over: tables, maps, pages and files."""
