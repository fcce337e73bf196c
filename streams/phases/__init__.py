"""One module a phase: what is done on entering it, with a command's result, and when a command
failed for good.

Each function adds events to a `Decision` and returns the phase to go on with, or None to stay.
"""
