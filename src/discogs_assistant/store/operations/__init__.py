"""For operators: figures of the instance, upkeep, backups."""
