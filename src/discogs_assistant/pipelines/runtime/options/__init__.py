"""The options of each kind of run: parsing, limits and messages."""
