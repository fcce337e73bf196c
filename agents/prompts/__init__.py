"""The texts that ask models: one folder for each, one file for each version, none ever changed."""
