"""Everything with a side effect, and everything that computes: tools, agents, their runner."""
