"""Files that come back: recognised, read by id and key, accounted for, compared."""
