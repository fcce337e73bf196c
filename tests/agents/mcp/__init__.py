"""The tools of others, tried against servers that behave and servers that do not."""
