"""Flags win over environment, environment over `.env`, `.env` over the file in the data
directory.
"""

from pathlib import Path

import pytest

from api.cluster.broker import broker_of
from api.errors import UsageError
from api.settings import load


def test_the_order_of_precedence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orchestrator.toml").write_text(
        "port = 1\nmax_retries = 4\nbudget = 0.5\nhost = '::1'\n"
    )
    (tmp_path / ".env").write_text(
        "# a remark\nexport ORCHESTRATOR_PORT='2'\nORCHESTRATOR_MAX_RETRIES=5\nOTHER=1\n"
    )

    found = load({"data": tmp_path, "port": 3, "host": None}, {"ORCHESTRATOR_BUDGET": "0.7"})

    assert (found.port, found.max_retries, found.budget, found.host) == (3, 5, 0.7, "::1")
    assert found.url == "http://[::1]:3"


@pytest.mark.parametrize(
    ("flags", "environment", "file", "said"),
    [
        ({}, {"ORCHESTRATOR_PORT": "many"}, "", "'port' .variable."),
        ({"port": 99999}, {}, "", "'port' .flag."),
        ({}, {}, "port = 'x'", "orchestrator.toml"),
        ({}, {}, "colour = 1", "'colour'"),
        ({}, {}, "port = ", "not valid TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_source(
    flags: dict[str, object], environment: dict[str, str], file: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "orchestrator.toml").write_text(file)

    with pytest.raises(UsageError, match=said):
        load({"data": tmp_path, **flags}, environment)


def test_an_address_for_links_can_be_given() -> None:
    assert load({"public_url": "https://example.org/o/"}, {}).url == "https://example.org/o"


def test_other_processes_of_this_machine_reach_a_server_that_listens_everywhere() -> None:
    everywhere = load({"host": "0.0.0.0", "public_url": "https://example.org"}, {})  # noqa: S104

    assert everywhere.url == "https://example.org"
    assert everywhere.local_url == "http://127.0.0.1:8000"
    assert load({"host": "::"}, {}).local_url == "http://[::1]:8000"


def test_an_env_file_that_is_no_text_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"ORCHESTRATOR_PORT=\xff")

    with pytest.raises(UsageError, match="is not UTF-8: byte 18"):
        load({}, {})


def test_a_broker_with_identity_is_taken_over_as_the_log_needs_it(tmp_path: Path) -> None:
    named = {
        "KAFKA": "a:9093,b:9093",
        "KAFKA_PREFIX": "team.",
        "KAFKA_PARTITIONS": "32",
        "KAFKA_REPLICATION": "3",
        "KAFKA_SECURITY": "SASL_SSL",
        "KAFKA_MECHANISM": "SCRAM-SHA-512",
        "KAFKA_USERNAME": "ann",
        "KAFKA_PASSWORD": "hidden-one",
        "KAFKA_CA_FILE": "/etc/ca.pem",
        "KAFKA_KEY_PASSWORD": "hidden-two",
    }
    variables = {f"ORCHESTRATOR_{name}": value for name, value in named.items()}
    settings = load({"data": tmp_path}, variables)

    broker = broker_of(settings)

    assert (broker.bootstrap, broker.prefix, broker.partitions) == ("a:9093,b:9093", "team.", 32)
    assert (broker.replication, broker.security) == (3, "SASL_SSL")
    assert (broker.mechanism, broker.username) == ("SCRAM-SHA-512", "ann")
    assert (broker.password, broker.ca_file) == ("hidden-one", "/etc/ca.pem")
    assert "hidden" not in str(settings.shown())


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        ({}, "--kafka"),
        ({"kafka": "a:1", "kafka_security": "SASL_SSL"}, "ORCHESTRATOR_KAFKA_USERNAME"),
    ],
)
def test_a_broker_that_is_not_fully_named_is_said_so(
    flags: dict[str, str], named: str, tmp_path: Path
) -> None:
    settings = load({"data": tmp_path} | flags, {})

    with pytest.raises(UsageError, match=named):
        broker_of(settings)
