"""Tests of the gateway to models, its providers and the local model."""
