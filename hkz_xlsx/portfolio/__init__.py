"""Thousands of returned files as tables: reading, matching, figures and what is made of them."""
