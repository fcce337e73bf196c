"""The vocabulary: frozen values and pure functions, without clock, randomness or I/O."""
