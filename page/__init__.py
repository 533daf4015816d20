"""The page: its source, and how it becomes one file."""
