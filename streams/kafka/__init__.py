"""The log on Apache Kafka, by aiokafka: `log.KafkaLog` is the port, the other modules are its
parts."""
