"""The questions of the routing benchmark: their published outcomes, and their embeddings, which are
kept in the user's cache because making them takes minutes.
"""

import hashlib
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from agents.models.embeddings import MOST_TOKENS, WEIGHTS_SHA256, Embedder
from agents.models.frontier import Outcomes
from agents.models.prompt_kernel import Prompts, see
from agents.models.weak_enough import History

TOKEN = 4  # characters, as in the published replay
WEAK, WEAK_PRICE = "Mixtral-8x7B", (0.15e-6, 0.15e-6)
STRONG, STRONG_PRICE = "GPT-4-1106", (10e-6, 30e-6)
SETS = ("gsm8k", "mmlu")
DEFAULT = Path("../shared/data/routing")
_CHUNK = 512


@dataclass(frozen=True, slots=True)
class Questions:
    """One set: the texts, what the models did, and what a router may see."""

    name: str
    texts: tuple[str, ...]
    subjects: tuple[str, ...]  # empty where the set has none
    history: History
    outcomes: Outcomes
    seen: Prompts


def read(name: str, folder: Path) -> Questions:
    """Read a set and its embeddings."""
    columns = pq.read_table(folder / f"{name}.parquet").to_pydict()
    texts = tuple(columns["prompt"])
    history = _history(columns, texts)
    return Questions(
        name,
        texts,
        tuple(columns.get("subject", ())),
        history,
        _outcomes(history),
        see(texts, embeddings(texts)),
    )


def read_outcomes(name: str, folder: Path) -> Outcomes:
    """What both models did with a set, and what it cost; needs no embeddings."""
    columns = pq.read_table(folder / f"{name}.parquet").to_pydict()
    return _outcomes(_history(columns, tuple(columns["prompt"])))


def _history(columns: dict[str, list[float]], texts: Sequence[str]) -> History:
    one = [float(TOKEN)] * len(texts)  # where no answer was kept, it was one letter: one token
    return History(
        np.array(columns["weak_correct"], float),
        np.array(columns["strong_correct"], float),
        np.array([len(text) / TOKEN for text in texts]),
        np.array(columns.get("weak_output_chars", one), float) / TOKEN,
        np.array(columns.get("strong_output_chars", one), float) / TOKEN,
        WEAK_PRICE,
        STRONG_PRICE,
    )


def _outcomes(history: History) -> Outcomes:
    def cost(price: tuple[float, float], tokens: NDArray[np.float64]) -> NDArray[np.float64]:
        return history.prompt_tokens * price[0] + tokens * price[1]

    return Outcomes(
        history.weak_right,
        history.strong_right,
        cost(WEAK_PRICE, history.weak_tokens),
        cost(STRONG_PRICE, history.strong_tokens),
    )


def cache_file(texts: Sequence[str]) -> Path:
    """Where the embeddings of these texts lie; another model or text is another file."""
    digest = hashlib.sha256(f"{WEIGHTS_SHA256} {MOST_TOKENS}".encode())
    for text in texts:
        digest.update(len(text).to_bytes(4, "big") + text.encode())
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "intelligent-orchestrator" / f"minilm-{digest.hexdigest()[:24]}.npy"


def embeddings(texts: Sequence[str]) -> NDArray[np.float32]:
    """The embeddings of texts, made once."""
    place = cache_file(texts)
    if place.exists():
        kept: NDArray[np.float32] = np.load(place)
        return kept
    embedder, began, parts = Embedder.load(threads=2), time.perf_counter(), []
    for start in range(0, len(texts), _CHUNK):
        parts.append(embedder.embed(texts[start : start + _CHUNK]))
        spent = time.perf_counter() - began
        done = min(len(texts), start + _CHUNK)
        print(f"embedded {done} of {len(texts)} in {spent:.0f} s", file=sys.stderr, flush=True)
    made = np.concatenate(parts)
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(f".{os.getpid()}.tmp")
    with unfinished.open("wb") as file:
        np.save(file, made)
    unfinished.replace(place)
    return made
