"""Tests against a real Apache Kafka, and the broker that they start."""
