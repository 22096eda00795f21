"""Compiled inner loops of the search for carts."""
