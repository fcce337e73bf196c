"""The orchestrator on Apache Kafka: `parts` puts the processes of a cluster together, the other
modules are what they consist of."""
