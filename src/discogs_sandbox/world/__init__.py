"""The made-up world: its artists, records, collectors and sellers, drawn from a seed."""
