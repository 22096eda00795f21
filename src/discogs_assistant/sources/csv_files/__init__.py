"""Readers of comma-separated files from people."""
