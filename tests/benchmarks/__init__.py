"""Measurements, run by hand; pytest collects nothing here."""
