"""Read models: folds of the log that can be rebuilt from position 0 at any time."""
