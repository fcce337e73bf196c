"""What users may send: wrong types are refused with their place, unknown fields are kept."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from streams.domain.request import BusinessMetrics, ProcessRequestBody, UserPreferences


def test_a_request_is_kept_without_the_space_around_it() -> None:
    body = ProcessRequestBody.model_validate({"request": "  Post our growth\n", "colour": "red"})

    assert body.request == "Post our growth"
    assert body.model_extra == {"colour": "red"}
    assert body.business_metrics.given() == {}


def test_metrics_that_were_given_are_told_from_those_that_were_not() -> None:
    metrics = BusinessMetrics.model_validate(
        {
            "revenue_monthly": 150_000,
            "customer_count": None,
            "churn %": 0.02,
            "visits": {"2024-Q3": 1, "2024-Q4": 2},
            "trend": [1, 2.5],
            "conversion_rate": 0.045,
            "traffic_monthly": [200_000, 250_000],
        }
    )

    assert metrics.given() == {
        "revenue_monthly": 150_000,
        "churn %": 0.02,
        "visits": {"2024-Q3": 1, "2024-Q4": 2},
        "trend": [1, 2.5],
        "conversion_rate": 0.045,
        "traffic_monthly": [200_000, 250_000],
    }


def test_x_is_twitter_and_every_channel_is_named_once() -> None:
    preferences = UserPreferences.model_validate({"channels": [" X ", "twitter", "LinkedIn"]})

    assert preferences.channels == ["twitter", "linkedin"]


def test_a_tone_may_be_written_large() -> None:
    assert UserPreferences(tone=" Professional ").tone == "professional"
    assert UserPreferences(tone=None, priority=None).tone is None
    assert UserPreferences(priority="critical").priority == "critical"


@pytest.mark.parametrize(
    ("model", "given", "says"),
    [
        (ProcessRequestBody, {"request": " \n"}, "is empty"),
        (ProcessRequestBody, {"request": "a\x00b"}, "control character U+0000 at 1"),
        (ProcessRequestBody, {"request": 7}, "valid string"),
        (ProcessRequestBody, {"request": "a", "task_id": "../etc"}, "should match pattern"),
        (BusinessMetrics, {"revenue_monthly": "150000"}, "valid integer"),
        (BusinessMetrics, {"conversion_rate": 45}, "conversion_rate"),
        (BusinessMetrics, {"conversion_rate": {"2024-Q4": 4.5}}, "conversion_rate"),
        (BusinessMetrics, {"customer_count": [320, -1]}, "customer_count"),
        (BusinessMetrics, {"1st": 1}, "'1st' is no metric name"),
        (BusinessMetrics, {"growth": True}, "growth"),
        (UserPreferences, {"tone": "sarcastic"}, "is not one of: professional"),
        (UserPreferences, {"priority": "asap"}, "is not one of: low, medium"),
        (UserPreferences, {"channels": ["fax"]}, "'linkedin', 'twitter' or 'email'"),
        (UserPreferences, {"channels": ["email", 7]}, "'linkedin', 'twitter' or 'email'"),
        (UserPreferences, {"channels": "email"}, "valid list"),
        (UserPreferences, {"budget": -1}, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    model: type[BaseModel], given: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(given)

    assert says in str(refused.value)
