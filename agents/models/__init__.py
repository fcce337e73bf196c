"""Which model does a piece of work: prices, complexity, outcomes, and the choice among them."""
