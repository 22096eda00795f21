"""Factors learned by Spark."""
