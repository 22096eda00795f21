"""Recommendations: taste, scores, reasons, the order of a list."""
