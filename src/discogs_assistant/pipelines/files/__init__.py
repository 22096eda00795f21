"""Use cases on files alone: carts, plans, training, ranking, evaluation, exports."""
