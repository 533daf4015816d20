"""Norms as data: models, loading, checking, selecting."""
