"""Judging drafts: one module a dimension, each a pure function of the same examined draft."""
