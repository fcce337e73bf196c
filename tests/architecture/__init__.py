"""Rules about the shape of the code, kept by the test run."""
