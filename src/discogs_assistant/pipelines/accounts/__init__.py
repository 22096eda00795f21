"""Accounts: sign-in, sessions, tokens, preferences, deletion."""
