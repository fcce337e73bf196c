"""A LinkedIn on loopback, which offers what its documentation offers and keeps what it accepted.

- "Posts API" (Microsoft Learn): POST /rest/posts with LinkedIn-Version and
  X-Restli-Protocol-Version; 201 with x-restli-id; the fields of the post schema.
- "Error Handling": message, serviceErrorCode, status. "API Rate Limiting": 429.
- "Sign In with LinkedIn using OpenID Connect": GET /v2/userinfo.
- "Member Post Statistics": GET /rest/memberCreatorPostAnalytics?q=entity.
- "Organization Share Statistics": GET /rest/organizationalEntityShareStatistics.

No idempotency key is taken: it is not documented. A text that is there already is refused only
where a test wants it (`refuses_duplicates`), since that is observed and not promised.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.platforms.faults import Faults
from tests.platforms.serving import document, with_faults

REQUIRED = ("author", "commentary", "visibility", "distribution", "lifecycleState")
FIELDS = frozenset({*REQUIRED, "isReshareDisabledByAuthor", "content"})
VERSIONS = ("202601", "202602", "202603", "202605")
COUNTS = {"IMPRESSION": 3421, "MEMBERS_REACHED": 2900, "RESHARE": 12, "REACTION": 87, "COMMENT": 9}


@dataclass
class LinkedIn:
    """The platform, with one member and one organization of theirs."""

    token: str = "linkedin-token"
    authors: tuple[str, ...] = ("urn:li:person:ann", "urn:li:organization:77")
    faults: Faults = field(default_factory=Faults)
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    refuses_duplicates: bool = False
    retry_after: str = ""

    def app(self) -> Starlette:
        """Its interface."""
        return Starlette(
            routes=[
                Route("/rest/posts", self._create, methods=["POST"]),
                Route("/v2/userinfo", self._userinfo),
                Route("/rest/memberCreatorPostAnalytics", self._member_statistics),
                Route("/rest/organizationalEntityShareStatistics", self._share_statistics),
            ]
        )

    def reset(self) -> None:
        """As new."""
        self.faults.reset()
        self.posts.clear()
        self.asked.clear()
        self.refuses_duplicates = False

    @property
    def texts(self) -> list[str]:
        """What was posted, oldest first, as people read it."""
        return [plain(post["commentary"]) for post in self.posts.values()]

    async def _create(self, request: Request) -> Response:
        self.asked.append(request)
        wrong = self._refused(request)
        if wrong is not None:
            return wrong
        body = await request.json()
        missing = [name for name in REQUIRED if not body.get(name)]
        if missing or not body.keys() <= FIELDS:
            return error(422, f"missing or unknown fields: {missing or sorted(body)}")
        if body["author"] not in self.authors:
            return error(403, "Not enough permissions to access: posts.CREATE")
        if len(plain(body["commentary"])) > 3_000:
            return error(422, "commentary is longer than 3000 characters")
        known = next((u for u, p in self.posts.items() if p["commentary"] == body["commentary"]), 0)
        if known and self.refuses_duplicates:
            return duplicate(str(known))
        what = plain(body["commentary"])
        return await with_faults(
            request,
            self.faults,
            what,
            lambda: self._accept(body),
            lambda status: error(status, "", self.retry_after),
        )

    def _accept(self, body: dict[str, Any]) -> Response:
        urn = f"urn:li:share:{7_000_000_000_000_000_000 + len(self.posts)}"
        self.posts[urn] = body
        return Response(status_code=201, headers={"x-restli-id": urn})

    def _refused(self, request: Request) -> Response | None:
        """What every versioned call needs."""
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return error(401, "Invalid access token")
        version = request.headers.get("linkedin-version", "")
        if not re.fullmatch(r"20\d{4}", version):
            return error(400, "A version must be present. Please specify a version")
        if version not in VERSIONS:
            return error(426, f"Requested version {version} is not active")
        if request.headers.get("x-restli-protocol-version") != "2.0.0":
            return error(400, "X-Restli-Protocol-Version must be 2.0.0")
        return None

    async def _userinfo(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return error(401, "Invalid access token")
        return document(200, {"sub": "ann", "name": "Ann Example", "locale": "en-US"})

    async def _member_statistics(self, request: Request) -> Response:
        wrong = self._refused(request)
        if wrong is not None:
            return wrong
        query = request.query_params
        entity = re.fullmatch(r"\((share|ugc):(urn:li:\w+:\w+)\)", query.get("entity", ""))
        if query.get("q") != "entity" or entity is None or query.get("aggregation") != "TOTAL":
            return error(400, "q, entity and aggregation are required")
        if entity[2] not in self.posts:
            return error(404, "no such post")
        count = COUNTS.get(query.get("queryType", ""))
        if count is None:
            return error(400, "unknown queryType")
        metric, target = query["queryType"], {entity[1]: entity[2]}
        element = {"count": count, "metricType": metric, "targetEntity": target}
        return document(200, {"paging": {"start": 0, "count": 10}, "elements": [element]})

    async def _share_statistics(self, request: Request) -> Response:
        wrong = self._refused(request)
        if wrong is not None:
            return wrong
        query = request.query_params
        asked = re.fullmatch(r"List\((.*)\)", query.get("shares", ""))
        organization = query.get("organizationalEntity", "")
        if query.get("q") != "organizationalEntity" or asked is None:
            return error(400, "q, organizationalEntity and shares are required")
        if organization not in self.authors:
            return error(403, "Not enough permissions")
        urns = [urn for urn in asked[1].split(",") if urn in self.posts]
        elements = [_totals(organization, urn) for urn in urns]
        return document(200, {"paging": {"start": 0, "count": 10}, "elements": elements})


def _totals(organization: str, urn: str) -> dict[str, Any]:
    counts = {
        "shareCount": 12,
        "clickCount": 87,
        "engagement": 0.0316,
        "impressionCount": 3421,
        "uniqueImpressionsCount": 2900,
        "likeCount": 40,
        "commentCount": 9,
    }
    return {"organizationalEntity": organization, "share": urn, "totalShareStatistics": counts}


def error(status: int, message: str, retry_after: str = "") -> Response:
    """An error document; the daily limit comes without a moment, as documented, unless stated."""
    body = {"message": message, "serviceErrorCode": status, "status": status}
    return document(status, body, **({"retry_after": retry_after} if retry_after else {}))


def duplicate(urn: str) -> Response:
    """As reported of the real one in public issue threads."""
    body = {
        "message": f"Content is a duplicate of {urn}",
        "errorDetails": {"inputErrors": [{"code": "DUPLICATE_POST"}]},
        "status": 422,
    }
    return document(422, body)


def plain(commentary: str) -> str:
    """The text of a "little" one, as LinkedIn shows it."""
    text = re.sub(r"\{hashtag\|\\#\|((?:[^}\\]|\\.)*)\}", r"#\1", commentary)
    return re.sub(r"\\([\\|{}@\[\]()<>#*_~])", r"\1", text)
