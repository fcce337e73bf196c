"""The sentence model that lies in a package: what it says, and that nothing else is run for it."""

from pathlib import Path

import numpy as np
import pytest

from agents.models import embeddings
from agents.models.embeddings import DIMENSIONS, Embedder, is_installed
from agents.models.errors import WeightsError

needs_model = pytest.mark.skipif(not is_installed(), reason="the extra `semantic` is not installed")


@pytest.fixture(name="embedder", scope="module")
def _embedder() -> Embedder:
    return Embedder.load()


@needs_model
def test_texts_of_one_meaning_are_nearer_than_texts_of_two(embedder: Embedder) -> None:
    rows = embedder.embed(
        [
            "Our revenue grew by a third in the last quarter",
            "Sales went up thirty percent in the past three months",
            "Please water the plants in the office",
        ]
    )

    assert rows.shape == (3, DIMENSIONS)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ rows[1] > 0.5 > 0.3 > rows[0] @ rows[2]


@needs_model
def test_a_text_says_the_same_alone_and_in_company(embedder: Embedder) -> None:
    texts = ["short", "a text of some more words than the first", "word " * 500]

    together = embedder.embed(texts)

    for row, text in zip(together, texts, strict=True):
        assert embedder.embed([text])[0] @ row > 0.995


@needs_model
def test_no_text_gives_no_row(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, DIMENSIONS)
    assert np.isfinite(embedder.embed([""])).all()


@needs_model
def test_weights_that_are_not_those_that_were_measured_are_not_run(tmp_path: Path) -> None:
    other = tmp_path / "model.onnx"
    other.write_bytes(b"not the model")

    with pytest.raises(WeightsError, match="it is not the file that was measured"):
        Embedder.load(weights=other)


def test_a_missing_part_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "_NEEDED", ("no_such_package",))

    assert not is_installed()
    with pytest.raises(WeightsError, match=r"'no_such_package'.*\[semantic\]"):
        Embedder.load()
