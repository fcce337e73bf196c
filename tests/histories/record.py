"""Records the histories anew: `python -m tests.histories.record` writes each to a file of its own.

The same code gives the same bytes. A story that decides otherwise than its file says is a change
that old histories will not survive: look at the difference before you keep it.
"""

import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from streams.chain import GENESIS, body_digest, link
from streams.domain.values import Json
from streams.envelope import read_event
from streams.log import Record
from tests.histories.files import ALTERED, FOLDER, History, endings, history_of, text_of
from tests.histories.stories import STORIES
from tests.histories.tale import Tale

Alter = Callable[[Json], Json]


def recorded(name: str) -> History:
    """The history of a story, as today's code makes it."""
    tale = Tale()
    STORIES[name](tale)
    return history_of(" ".join(inspect.getdoc(STORIES[name]).split()), tale.desk.log)


def by_chance() -> History:
    """A history as a core would have made it that draws its pauses by chance: one decision is
    another, and its chain is whole all the same."""
    honest = recorded("retried_after_a_pause")

    def drawn(body: Json) -> Json:
        return body | {"retry_at": body["retry_at"] - 1} if body.get("retry_at") else body

    events = resealed(honest.events, drawn)
    about = "A pause was drawn by chance: the chain is whole, but no core decides this again."
    return replace(honest, about=about, events=events, tasks=endings(events))


def resealed(events: Sequence[Record], alter: Alter) -> list[Record]:
    """The events with other bodies, in chains that are whole again."""
    heads: dict[str, bytes] = {}
    sealed: list[Record] = []
    for record in events:
        body = alter(json.loads(record.value))
        value = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        header = read_event(record).header
        digest = body_digest(bytes.fromhex(record.headers["salt"]), value)
        heads[record.key] = link(heads.get(record.key, GENESIS), header.canonical(), digest)
        headers = {**record.headers, "hash": heads[record.key].hex()}
        sealed.append(replace(record, value=value, headers=headers))
    return sealed


def main() -> None:
    """Write all files."""
    ALTERED.mkdir(exist_ok=True)
    files = {FOLDER / f"{name}.json": recorded(name) for name in STORIES}
    files[ALTERED / "paused_by_chance.json"] = by_chance()
    for path, history in files.items():
        path.write_text(text_of(history), "utf-8")
        print(f"{path.stem}: {len(history.inputs)} inputs, {len(history.events)} events")


if __name__ == "__main__":
    main()
