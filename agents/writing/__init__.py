"""The writer: texts composed from facts, edited by rules and refined from findings."""
