"""The page: what the command line does, asked for by a page in a browser."""
