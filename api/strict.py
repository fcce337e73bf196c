"""Routes that read JSON as strictly as the standard has it, for all bodies alike."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from api.intake import read_json

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRequest(Request):
    """A request whose JSON has no NaN, no repeated names, no invalid UTF-8 and is not too deep."""

    async def json(self) -> Any:
        """The body as a value; read once.

        Raises:
            InvalidRequest: with what is wrong and where.
        """
        if not hasattr(self, "_json"):
            body = await self.body()
            self._json = read_json(body, limit=self.app.state.settings.max_body)
        return self._json


class StrictRoute(APIRoute):
    """A route whose body is read by `StrictRequest`."""

    def get_route_handler(self) -> Handler:
        """See `APIRoute.get_route_handler`."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def strict(request: Request) -> Response:
            read = StrictRequest(request.scope, request.receive)
            if await read.body():
                await read.json()  # what is wrong with it comes out here, as it is
            return await handle(read)

        return strict
