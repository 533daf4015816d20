"""Assessments to reports people hand over."""
