"""What can be wrong with models and what describes them.

ModelError
├── CatalogueError   a price table that cannot be used
└── WeightsError     weights that are missing, or not those that were measured
"""


class ModelError(Exception):
    """Something about the models is wrong; the message says what to do."""


class CatalogueError(ModelError):
    """A price table cannot be used."""


class WeightsError(ModelError):
    """Weights are missing, or are not those that were measured."""
