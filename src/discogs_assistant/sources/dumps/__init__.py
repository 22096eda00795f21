"""Discogs' monthly data dumps: which files make a month, and the records in them."""
