"""How a message of the public inbox is read in a cluster, whoever has written its headers."""

import json

import pytest

from api.cluster.requests import reading
from api.settings import Settings
from streams.domain.errors import Undecodable
from streams.domain.inputs import SubmitRequest
from streams.log import REQUESTS, Record

READ = reading(Settings(), lambda: 7)


def message(headers: dict[str, str], **body: object) -> Record:
    value = json.dumps({"request": "Create a LinkedIn post about our Q4 growth"} | body)
    return Record(REQUESTS, 0, "", value.encode(), headers, 3)


def test_a_header_makes_nobody_an_approver() -> None:
    wanted = message({"role": "approver", "Role": "admin"}, preferences={"auto_approve": True})

    with pytest.raises(Undecodable) as refused:
        READ(wanted, "task")

    assert refused.value.pointer == "/preferences/auto_approve"


@pytest.mark.parametrize("name", ["Idempotency-Key", "idempotency-key", "IDEMPOTENCY-KEY"])
def test_the_same_idempotency_key_is_the_same_task_in_whatever_letters(name: str) -> None:
    first = READ(message({name: "order-17"}), "task-1")
    again = READ(message({"idempotency-key": "order-17"}), "task-2")

    assert isinstance(first, SubmitRequest)
    assert first.task_id == again.task_id


def test_a_request_without_an_id_gets_that_of_its_place() -> None:
    assert READ(message({}), "task-1").task_id == "task-1"
