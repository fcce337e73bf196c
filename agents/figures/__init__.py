"""Numbers as facts: read, derived by named formulas, told in sentences, drawn and forecast."""
