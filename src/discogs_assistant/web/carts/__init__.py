"""Pages of carts and plans."""
