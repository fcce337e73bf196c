"""What a platform's interface would be sent for a variant."""

import re

from agents.platforms.counting import HASHTAG, links
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel, Json

_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")


def request_of(variant: ChannelVariant, message: str) -> Json:
    """The body of the request, without who publishes.

    LinkedIn: of `POST /rest/posts`. X: of one `POST /2/tweets` after the other, each a reply to the
    one before. E-mail: the name of the file with the `message`.
    """
    match variant.channel:
        case Channel.LINKEDIN:
            return {
                "commentary": little_text(variant.content),
                "visibility": "PUBLIC",
                "distribution": {"feedDistribution": "MAIN_FEED"},
                "lifecycleState": "PUBLISHED",
            }
        case Channel.TWITTER:
            return {"posts": [{"text": post} for post in variant.parts or (variant.content,)]}
        case Channel.EMAIL:
            return {"message": message}


def little_text(text: str) -> str:
    """A text in LinkedIn's "little" format, in which a post is cut off at a reserved character that
    is not escaped.

    Source: "little Text Format" (Microsoft Learn, LinkedIn marketing): backslashes before
    `\\ | { } @ [ ] ( ) < > # * _ ~`, and hashtags as templates.
    """
    inside = links(text)
    pieces, last = [], 0
    for match in HASHTAG.finditer(text):
        if any(start <= match.start() < end for start, end in inside):
            continue
        pieces.append(_escaped(text[last : match.start()]))
        pieces.append(f"{{hashtag|\\#|{_escaped(match.group()[1:])}}}")
        last = match.end()
    return "".join([*pieces, _escaped(text[last:])])


def _escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)
