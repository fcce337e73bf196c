"""Recorded histories: what today's code must still fold, verify and decide as it once did."""
