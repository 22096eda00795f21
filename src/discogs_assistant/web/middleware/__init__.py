"""What is done with every request around its route: bodies, concurrency, timing."""
