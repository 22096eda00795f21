"""Pages of sellers, the market and shipping."""
