"""What operators read and keep: figures of the instance, upkeep, backups."""
