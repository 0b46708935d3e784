"""The working state on SQLite: derived from the records and the web, deletable."""
