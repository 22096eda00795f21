"""Recommendations: candidates, models, lists, feedback."""
