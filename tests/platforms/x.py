"""An X on loopback, which offers what its documentation offers and keeps what it accepted.

- "Create or Edit Post" (docs.x.com): POST /2/tweets, reply.in_reply_to_tweet_id, 201 with data.id.
- "Response codes and errors": problem documents (RFC 7807). "Rate limits": 429 with
  x-rate-limit-reset.
- "OAuth 2.0 Authorization Code Flow with PKCE": POST /2/oauth2/token with a refresh token, which
  counts once.
- "Metrics" and "Get Posts by IDs": GET /2/tweets?ids=…&tweet.fields=public_metrics, up to 100.
- "Get my User": GET /2/users/me.

No idempotency key is taken: it is not documented. A text that is there already is refused only
where a test wants it.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agents.platforms.counting import weight
from tests.platforms.faults import Faults
from tests.platforms.serving import document, with_faults

RESET = 1_900_000_000  # seconds of the epoch
METRICS = {
    "retweet_count": 10,
    "reply_count": 4,
    "like_count": 55,
    "quote_count": 2,
    "bookmark_count": 1,
    "impression_count": 3421,
}


@dataclass
class X:
    """The platform, with one account."""

    token: str = "x-token"
    refresh_token: str = "x-refresh-0"
    client_id: str = "x-app"
    faults: Faults = field(default_factory=Faults)
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: int = 0  # an id is never given again, not even that of a post that was taken away
    renewals: int = 0
    lookups: list[list[str]] = field(default_factory=list)
    refuses_duplicates: bool = False
    reset_at: float = RESET

    def app(self) -> Starlette:
        """Its interface."""
        return Starlette(
            routes=[
                Route("/2/tweets", self._create, methods=["POST"]),
                Route("/2/tweets", self._look, methods=["GET"]),
                Route("/2/users/me", self._me),
                Route("/2/oauth2/token", self._renew, methods=["POST"]),
            ]
        )

    def reset(self) -> None:
        """As new."""
        self.faults.reset()
        self.posts.clear()
        self.lookups.clear()
        self.renewals = 0
        self.token, self.refresh_token = "x-token", "x-refresh-0"
        self.refuses_duplicates = False

    @property
    def texts(self) -> list[str]:
        """What was posted, oldest first."""
        return [post["text"] for post in self.posts.values()]

    def thread(self, first: str) -> list[str]:
        """The texts of a post and its replies, in their order."""
        texts, at = [], first
        while at:
            texts.append(self.posts[at]["text"])
            replies = [i for i, post in self.posts.items() if post.get("reply_to") == at]
            at = replies[0] if replies else ""
        return texts

    async def _create(self, request: Request) -> Response:
        if self._is_stranger(request):
            return problem(401, "Unauthorized")
        body = await request.json()
        text = body.get("text")
        if not isinstance(text, str) or not body.keys() <= {"text", "reply"} or weight(text) > 280:
            return problem(400, "One or more parameters to your request was invalid.")
        reply_to = body.get("reply", {}).get("in_reply_to_tweet_id")
        if reply_to is not None and reply_to not in self.posts:
            return problem(403, "You attempted to reply to a Tweet that is deleted or not visible.")
        if self.refuses_duplicates and text in self.texts:
            return problem(403, "You are not allowed to create a Tweet with duplicate content.")
        return await with_faults(
            request,
            self.faults,
            text,
            lambda: self._accept(text, reply_to),
            lambda status: problem(status, reset_at=self.reset_at),
        )

    def _accept(self, text: str, reply_to: str | None) -> Response:
        self.made += 1
        number = str(1_800_000_000_000_000_000 + self.made)
        self.posts[number] = {"text": text, "reply_to": reply_to}
        return document(201, {"data": {"id": number, "text": text}})

    async def _look(self, request: Request) -> Response:
        if self._is_stranger(request):
            return problem(401, "Unauthorized")
        ids = request.query_params.get("ids", "").split(",")
        if not 1 <= len(ids) <= 100:
            return problem(400, "ids: 1 to 100")
        self.lookups.append(ids)
        has_metrics = "public_metrics" in request.query_params.get("tweet.fields", "")
        found = [
            {"id": i, "text": self.posts[i]["text"]}
            | ({"public_metrics": METRICS} if has_metrics else {})
            for i in ids
            if i in self.posts
        ]
        missing = [
            {"resource_id": i, "title": "Not Found Error"} for i in ids if i not in self.posts
        ]
        return document(200, {"data": found} | ({"errors": missing} if missing else {}))

    async def _me(self, request: Request) -> Response:
        if self._is_stranger(request):
            return problem(401, "Unauthorized")
        return document(200, {"data": {"id": "42", "name": "Ann", "username": "ann"}})

    async def _renew(self, request: Request) -> Response:
        form = {
            name: values[0] for name, values in parse_qs((await request.body()).decode()).items()
        }
        is_known = form.get("refresh_token") == self.refresh_token
        is_app = form.get("client_id") == self.client_id or "authorization" in request.headers
        if form.get("grant_type") != "refresh_token" or not is_known or not is_app:
            return document(400, {"error": "invalid_request", "error_description": "invalid token"})
        self.renewals += 1
        self.token, self.refresh_token = f"x-token-{self.renewals}", f"x-refresh-{self.renewals}"
        return document(
            200,
            {
                "token_type": "bearer",
                "expires_in": 7200,
                "access_token": self.token,
                "refresh_token": self.refresh_token,
                "scope": "tweet.read tweet.write users.read offline.access",
            },
        )

    def _is_stranger(self, request: Request) -> bool:
        return request.headers.get("authorization") != f"Bearer {self.token}"


def problem(status: int, detail: str = "", *, reset_at: float = RESET) -> Response:
    """A problem document; a 429 says when the window ends."""
    body = {"title": str(status), "type": "about:blank", "status": status, "detail": detail}
    headers = {"x_rate_limit_reset": str(int(reset_at))} if status == 429 else {}
    return document(status, body, **headers)
