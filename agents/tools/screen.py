"""The screen between a server and the SDK's session: a list of tools is taken apart before the
session reads it, so that one bad tool costs itself and not the list.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mcp.shared.dispatcher import CallOptions
from mcp.shared.jsonrpc_dispatcher import JSONRPCDispatcher
from mcp.shared.transport_context import TransportContext

from agents.tools.errors import ServerTrouble
from agents.tools.signs import Signs
from agents.tools.specifications import Offered
from streams.domain.values import Json

_HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")
_NO_SCHEMA: Json = {"type": "object"}
_TEXTS = (("title", str), ("description", str), ("outputSchema", dict))


class Screen(JSONRPCDispatcher[TransportContext]):
    """The SDK's dispatcher, which also tells when its connection ends and keeps the offers of the
    list under way.
    """

    def __init__(self, incoming: Any, outgoing: Any, signs: Signs) -> None:
        super().__init__(incoming, outgoing)
        self.begin(0)
        self._signs = signs

    def begin(self, room: int) -> None:
        """A list comes next, of which so many tools are kept."""
        self.offers: list[Offered] = []
        self.left_out = 0
        self.is_full = False
        self._room = room
        self._page: list[Offered] = []

    def keep(self, names: Iterable[str]) -> None:
        """Of the page that has come, keep the tools that the session kept too."""
        known = set(names)
        self.offers += [offer for offer in self._page if offer.name in known]

    async def run(self, *handlers: Any, **options: Any) -> None:
        try:
            await super().run(*handlers, **options)
        finally:
            self._signs.lose()

    async def send_raw_request(
        self,
        method: str,
        params: Mapping[str, Any] | None,
        opts: CallOptions | None = None,
        **options: Any,
    ) -> Json:
        raw = await super().send_raw_request(method, params, opts, **options)
        return self._screened(raw) if method == "tools/list" else raw

    def _screened(self, raw: Json) -> Json:
        offered = raw.get("tools")
        if not isinstance(offered, list):
            raise ServerTrouble("lists its tools in a form that is none")
        room = self._room - len(self.offers)
        self.is_full = len(offered) > room
        read = [_read(tool) for tool in offered[:room]]
        self.left_out += read.count(None)
        self._page = [offer for offer in read if offer is not None]
        page: Json = {"tools": [_plain(offer) for offer in self._page]}
        if isinstance(raw.get("nextCursor"), str):
            page["nextCursor"] = raw["nextCursor"]
        # The newer protocol wants these in a list; what a server says about caching is not used.
        return page | {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"}


def _plain(offer: Offered) -> Json:
    """The offer as the session reads it. It looks for headers in the schema, and would refuse the
    whole list for a schema that is not quite one.
    """
    schema = offer.input_schema
    properties = schema.get("properties", {})
    is_plain = schema.get("type") == "object" and isinstance(properties, dict)
    is_plain = is_plain and all(isinstance(each, dict) for each in properties.values())
    kept = {"type": "object", "properties": properties} if is_plain else _NO_SCHEMA
    return {"name": offer.name, "inputSchema": kept}


def _read(tool: object) -> Offered | None:
    """The parts of an offer that are used, or None where they are not what they should be."""
    if not isinstance(tool, dict):
        return None
    name, schema = tool.get("name"), tool.get("inputSchema")
    if not isinstance(name, str) or not isinstance(schema, dict):
        return None
    if any(not isinstance(tool.get(key) or kind(), kind) for key, kind in _TEXTS):
        return None
    hints = tool.get("annotations")
    given = hints if isinstance(hints, dict) else {}
    return Offered(
        name=name,
        title=tool.get("title") or "",
        description=tool.get("description") or "",
        input_schema=schema,
        output_schema=tool.get("outputSchema"),
        hints={hint: given[hint] for hint in _HINTS if isinstance(given.get(hint), bool)},
    )
