"""The parts of the embedded log: SQL in named files, threads, and rows to values and back."""
