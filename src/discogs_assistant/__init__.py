"""Recommendations and carts for record collectors."""
