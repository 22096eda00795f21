"""Pages of settings, the operator and the product itself; metrics."""
