"""The outside, translated into model objects."""
