"""Answers to scores, gaps and signals."""
