"""The summary of a sweep as a page, tables and maps."""
