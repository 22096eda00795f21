"""What the words mean: frozen objects without I/O."""
