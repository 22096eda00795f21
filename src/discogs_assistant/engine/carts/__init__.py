"""The best cart of each seller: bounds, search, proof."""
