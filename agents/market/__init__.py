"""Market data as people have them, and what can be said of them."""
