"""The catalogue: importing dumps, and reading releases and discographies."""
