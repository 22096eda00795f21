"""Every use case: the durable workflows and the short ones."""
