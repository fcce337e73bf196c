"""Reads messages of the public inbox by the product's own reader."""

from api.cluster.requests import reading
from api.settings import Settings
from streams.clock import wall_clock

read = reading(Settings(), wall_clock)
