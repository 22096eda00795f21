"""The operator's view of the instance."""
