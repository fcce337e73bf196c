"""`asyncapi`: the interface on a broker, described for programs."""

from importlib.metadata import version

import click

from api.client import connect, server_of
from api.settings import Settings
from api.verbs import common


@click.command(
    epilog=common.examples(
        "orchestrator asyncapi > asyncapi.json",
        "orchestrator asyncapi --kafka broker-1:9092,broker-2:9092",
    )
)
@common.where
def asyncapi(settings: Settings) -> int:
    """The topics and their messages as AsyncAPI 3.0. Needs no broker; --kafka names the addresses
    that the document shows [localhost:9092]."""
    return common.wait_for(_asyncapi(settings))


async def _asyncapi(settings: Settings) -> int:
    if settings.kafka is None and server_of(settings):
        async with connect(settings) as client:
            common.show_json(await client.get("/asyncapi.json"))
        return 0
    from api.routes.asyncapi import document

    common.show_json(document(settings, version("intelligent-orchestrator")))
    return 0
