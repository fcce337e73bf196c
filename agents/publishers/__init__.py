"""Publishers: what takes an approved variant out of the house."""
