"""Tests of `streams.domain`."""
