"""Pure computing: scores, candidates, carts."""
