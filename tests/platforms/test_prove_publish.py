"""The proof in small: nothing is lost and nothing is there twice, whenever it is killed."""

from pathlib import Path

import pytest

from tests.platforms.prove_publish import MUST_BE_NOTHING, prove


@pytest.mark.slow
def test_publications_survive_kills_pauses_and_lost_answers_and_are_never_there_twice(
    tmp_path: Path,
) -> None:
    counted, tally = prove(tmp_path, publications=24, seed=5)

    assert {name: counted[name] for name in MUST_BE_NOTHING} == dict.fromkeys(MUST_BE_NOTHING, 0)
    assert counted["acknowledged"] == counted["publications"] == 24
    assert counted["texts on the platform once"] == counted["texts"]
    assert tally.lives >= 4
