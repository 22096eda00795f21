"""Copies for sale from saved pages, files and the site."""
