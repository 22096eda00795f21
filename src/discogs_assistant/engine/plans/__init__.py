"""The best plan over several sellers: model, bounds, search."""
