"""Feedback, model files and versions, training snapshots."""
