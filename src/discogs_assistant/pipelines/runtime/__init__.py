"""What every kind of run shares: its entry in the registry, and how its options are defined and read."""
