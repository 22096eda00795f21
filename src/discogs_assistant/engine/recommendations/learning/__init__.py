"""The recommender that learns from who has what and from what items are made of."""
