"""Carts and plans: search, documents, checks and what-if."""
