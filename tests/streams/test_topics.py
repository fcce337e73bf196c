"""The table of topics, and the partition of a key."""

import re

import pytest
from aiokafka.partitioner import murmur2
from hypothesis import given
from hypothesis import strategies as st

from streams import log
from streams.topics import TOPICS, Spread, commands_topic, partition_of, topic


def test_every_topic_of_the_port_is_in_the_table() -> None:
    names = {row.name for row in TOPICS}

    assert {log.REQUESTS, log.INPUTS, log.EVENTS, log.DEAD_LETTERS} <= names
    assert len(names) == len(TOPICS)


def test_what_belongs_together_has_the_same_partitions() -> None:
    fixed = {row.name for row in TOPICS if row.spread is Spread.FIXED}

    assert fixed == {"inputs", "events", "snapshots"}


def test_the_truth_is_never_taken_away() -> None:
    events = topic("events").configuration

    assert events["cleanup.policy"] == "delete"
    assert (events["retention.ms"], events["retention.bytes"]) == ("-1", "-1")


def test_each_agent_type_has_a_queue_of_its_own() -> None:
    assert topic("commands.planner") == commands_topic("planner")
    assert commands_topic("planner").name == "commands.planner"


@pytest.mark.parametrize("name", ["commands.", "nothing", ""])
def test_a_topic_that_is_not_in_the_table_is_not_there(name: str) -> None:
    with pytest.raises(KeyError):
        topic(name)


def test_names_are_legal_for_a_broker() -> None:
    for row in TOPICS:
        assert re.fullmatch(r"[a-z0-9._-]{1,200}", row.name)
        assert row.purpose.endswith(".")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 200))
def test_a_key_lies_where_every_kafka_client_puts_it(key: str, partitions: int) -> None:
    expected = (murmur2(key.encode()) & 0x7FFFFFFF) % partitions

    assert partition_of(key, partitions) == expected


def test_a_known_key_of_the_java_client() -> None:
    """From the tests of Apache Kafka: murmur2 of "21" is -973932308."""
    assert partition_of("21", 1 << 31) == -973932308 & 0x7FFFFFFF
