"""Figures about a field: what may be published of a portfolio, and what it says."""
