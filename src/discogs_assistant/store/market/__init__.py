"""Listings, sellers, price floors, shipping policies and exchange rates."""
