"""Accounts, sessions, tokens and the vault that seals them."""
