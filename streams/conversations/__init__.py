"""Conversations as events: what is said in them is sealed, that it was said is not."""
