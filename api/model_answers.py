"""What the API answers about models."""

from pydantic import BaseModel, ConfigDict

from streams.domain.values import Json

PROVIDER: Json = {
    "provider": "openai",
    "is_ready": True,
    "variable": "OPENAI_API_KEY",
    "key": "***",
    "url": None,
    "note": "",
}
_MODEL: Json = {
    "model_id": "gpt-6-luna",
    "name": "GPT-6 Luna",
    "provider": "openai",
    "tier": "BUDGET",
    "is_available": True,
    "is_retired": False,
    "price_in": 0.1,
    "price_out": 0.5,
    "context": 400000,
    "output": 128000,
    "retires": None,
    "successor": None,
    "aliases": [],
    "note": "",
}
_MODELS: Json = {
    "model": "auto",
    "price_table": "2026-11-24 (litellm 1.106.2)",
    "is_refreshed": False,
    "providers": [PROVIDER],
    "models": [_MODEL],
    "retired": [],
}


class Provider(BaseModel):
    """One place where models answer; its key is never shown."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"example": PROVIDER})

    provider: str
    is_ready: bool
    variable: str
    key: str | None
    url: str | None
    note: str


class Model(BaseModel):
    """One model. Prices are US dollars per million tokens."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"example": _MODEL})

    model_id: str
    name: str
    provider: str
    tier: str
    is_available: bool
    is_retired: bool
    price_in: float
    price_out: float
    context: int
    output: int
    retires: str | None
    successor: str | None
    aliases: list[str]
    note: str


class Models(BaseModel):
    """What can be chosen, and the setting that chooses.

    `price_table` is the day and source of the prices, `is_refreshed` whether they were read anew
    since the product was made.
    """

    model_config = ConfigDict(frozen=True, json_schema_extra={"example": _MODELS})

    model: str
    price_table: str
    is_refreshed: bool
    providers: list[Provider]
    models: list[Model]
    retired: list[Model]
