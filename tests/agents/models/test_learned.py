"""Learning from outcomes how good a cheap model is, and what a ranking of questions saves."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from agents.models.frontier import (
    Outcomes,
    frontier,
    gap_recovered,
    interval,
    realised,
    resamples,
    savings,
)
from agents.models.ngrams import BUCKETS, hashed_bag
from agents.models.prompt_kernel import RIDGES, Prompts, fit, see, similarity
from agents.models.text_shape import KINDS, NAMES, text_shape, word_kinds
from agents.models.weak_enough import History, WeakEnough
from agents.models.word_weights import train_words

EASY, HARD = "please greet the {} customer", "derive the {} integral of the series"
PRICES = ((1e-7, 1e-7), (1e-5, 3e-5))


def texts(count: int) -> list[str]:
    return [(HARD if n % 2 else EASY).format(f"word{n}") for n in range(count)]


def meanings(said: list[str], seed: int = 0) -> np.ndarray:
    """Two directions and noise, as an embedding would tell the two kinds apart."""
    chance = np.random.default_rng(seed)
    rows = chance.normal(scale=0.2, size=(len(said), 8))
    rows[:, 0] += [1.0 if "derive" in text else -1.0 for text in said]
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def history(said: list[str]) -> History:
    """The weak model fails at what is hard, the strong one never, and writes twice as much."""
    hard = np.array([float("derive" in text) for text in said])
    size = len(said)
    return History(
        1 - hard, np.ones(size), np.full(size, 10.0), np.full(size, 50.0), 50 + 50 * hard, *PRICES
    )


def prompts(said: list[str]) -> Prompts:
    return see(said, meanings(said))


def random_outcomes(size: int, seed: int = 3) -> Outcomes:
    chance = np.random.default_rng(seed)
    weak, strong = (chance.random(size) < rate for rate in (0.6, 0.85))
    cheap, dear = chance.uniform(0.1, 0.2, size), chance.uniform(1, 5, size)
    return Outcomes(weak.astype(float), strong.astype(float), cheap, dear)


def test_the_weak_model_is_trusted_with_new_prompts_of_the_kind_that_it_did_well() -> None:
    known, new = texts(120), texts(160)[120:]
    router = WeakEnough.train(prompts(known), history(known), seed=0)

    said = router.expect(prompts(new), np.full(40, 10.0))

    hard = np.array(["derive" in text for text in new])
    assert said.weak_is_enough[~hard].min() > 0.8 > 0.2 > said.weak_is_enough[hard].max()
    assert said.gain_per_dollar[hard].min() > said.gain_per_dollar[~hard].max()


def test_longer_answers_are_foreseen_in_the_extra_cost() -> None:
    known = texts(120)
    router = WeakEnough.train(prompts(known), history(known), seed=0)

    cost = router.left_out(np.full(120, 10.0)).extra_cost

    assert cost[1::2].mean() == pytest.approx(10 * 1e-5 + 100 * 3e-5, rel=0.05)
    assert cost[::2].mean() < cost[1::2].mean()


def test_without_anything_to_learn_the_mean_is_said() -> None:
    said = texts(80)
    chance = np.random.default_rng(5)
    noise = chance.integers(0, 2, (80, 2)).astype(float)

    fitted = fit(prompts(said), noise, np.array([-1.0, 1.0]), seed=0)

    assert fitted.ridge == max(RIDGES)
    assert fitted.predict(prompts(said)).std(axis=0).max() < 0.2


def test_what_is_left_out_is_what_training_without_it_says() -> None:
    said = texts(40)
    seen, chance = prompts(said), np.random.default_rng(1)
    wanted = chance.normal(size=(40, 1))
    whole = fit(seen, wanted, np.array([1.0]), seed=0)
    kernel = similarity(whole.scale.apply(seen), whole.scale.apply(seen))[whole.has_kinds]

    rest = np.arange(1, 40)
    mean = wanted.mean()
    gram = kernel[np.ix_(rest, rest)]
    ridge = np.linalg.solve(gram + whole.ridge * np.eye(39), wanted[rest, 0] - mean)
    alone = mean + kernel[0, rest] @ ridge

    assert whole.left_out[0, 0] == pytest.approx(alone, abs=0.05 * abs(wanted[0, 0] - alone) + 0.03)


def test_as_many_landmarks_as_prompts_give_the_exact_kernel_ridge() -> None:
    said = texts(30)
    seen, wanted = prompts(said), np.random.default_rng(2).normal(size=(30, 2))
    fitted = fit(seen, wanted, np.array([-1.0, 1.0]), seed=0)
    weighed = fitted.scale.apply(seen)
    kernel = similarity(weighed, weighed)[fitted.has_kinds]

    mean = wanted.mean(axis=0)
    exact = mean + kernel @ np.linalg.solve(kernel + fitted.ridge * np.eye(30), wanted - mean)

    assert_allclose(fitted.predict(seen), exact, atol=2e-3)


def test_the_kernel_of_a_prompt_with_itself_is_its_highest() -> None:
    seen = prompts(texts(12))

    plain, joint = similarity(seen, seen)

    for kernel in (plain, joint):
        assert (kernel.diagonal() >= kernel.max(axis=1) - 1e-5).all()
        assert np.linalg.eigvalsh(kernel).min() > -1e-4


def test_words_alone_tell_easy_from_hard_without_numpy() -> None:
    known = texts(60)

    model = train_words(known, ["derive" not in text for text in known])

    assert model.chance("please greet the new customer") > 0.7
    assert model.chance("derive the second integral of the series") < 0.3
    assert model.chances(["", "?"]) == pytest.approx([0.5, 0.5], abs=0.1)


@pytest.mark.parametrize("is_right", [True, False])
def test_one_sided_outcomes_are_learned_without_certainty(is_right: bool) -> None:
    model = train_words(texts(20), [is_right] * 20)

    assert 0 < model.chance("anything at all") < 1
    assert (model.chance("anything at all") > 0.5) is is_right


def test_a_bag_has_length_one_and_counts_every_number_alike() -> None:
    bag = hashed_bag("Sales grew 12 % to 150,000 in 2024")

    assert sum(weight**2 for weight in bag.values()) == pytest.approx(1)
    assert all(0 <= bucket < BUCKETS for bucket in bag)
    assert hashed_bag("grew by 12") == hashed_bag("grew by 99")
    assert hashed_bag("") == {}


def test_the_form_of_a_text_has_a_number_for_each_name() -> None:
    form = dict(zip(NAMES, text_shape("Revenue: $1,500.50 (up 12%)?"), strict=True))

    assert form["largest_number"] == pytest.approx(np.log1p(1500.5))
    assert (form["$"], form["%"], form["("], form["?"]) == (1, 1, 1, 1)
    assert form["numbers"] == pytest.approx(np.log1p(2))
    assert len(text_shape("")) == len(NAMES)
    assert all(np.isfinite(text_shape("9" * 400)))


def test_kinds_of_words_are_found_in_both_languages() -> None:
    names = list(KINDS)

    english = word_kinds("How many hours are left if each worker needs half?")
    german = word_kinds("Wie viele Stunden bleiben, wenn jeder die Hälfte braucht und keine mehr?")

    for name in ("time", "condition", "each", "explanation"):
        assert english[names.index(name)] > 0
        assert german[names.index(name)] > 0


def test_a_frontier_runs_from_the_weak_model_to_the_strong_one() -> None:
    outcomes = random_outcomes(500)

    line = frontier(np.random.default_rng(0).random(500), outcomes)

    assert line.quality[0] == outcomes.weak_right.sum() / outcomes.strong_right.sum()
    assert line.cost[0] == pytest.approx(outcomes.weak_cost.sum() / outcomes.strong_cost.sum())
    assert line.quality[-1] == pytest.approx(1)
    assert line.cost[-1] == pytest.approx(1)


def test_who_knows_the_outcomes_saves_more_than_who_guesses() -> None:
    outcomes = random_outcomes(2_000)
    guess = np.random.default_rng(1).random(2_000)
    drawn = resamples(2_000, 100, seed=4)

    knows, known_spread = savings(outcomes.gain / outcomes.extra_cost, outcomes, 0.95, drawn)
    guesses, guessed_spread = savings(guess, outcomes, 0.95, drawn)

    assert knows > guesses + 0.3
    assert interval(known_spread - guessed_spread)[0] > 0.3
    assert gap_recovered(guess, outcomes) == pytest.approx(0.5, abs=0.06)
    assert gap_recovered(outcomes.gain, outcomes) > 0.9


def test_a_saving_is_read_at_the_first_point_that_keeps_the_quality() -> None:
    right, wrong, dear = [1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0], np.full(4, 1.0)
    outcomes = Outcomes(np.array(right), np.array(wrong), np.zeros(4), dear)

    line = frontier(np.array([0.1, 0.2, 0.9, 0.8]), outcomes)

    assert line.quality.tolist() == [0.5, 0.75, 1, 1, 1]
    assert (line.saving_at(0.75), line.saving_at(0.76), line.saving_at(1)) == (0.75, 0.5, 0.5)


def test_a_quality_that_is_never_reached_saves_nothing() -> None:
    outcomes = random_outcomes(100)

    assert frontier(np.arange(100.0), outcomes).saving_at(2.0) == 0


def test_equal_weights_change_nothing_and_an_interval_holds_its_point() -> None:
    outcomes = random_outcomes(300)
    scores = np.random.default_rng(2).random(300)
    point, spread = savings(scores, outcomes, 0.9, resamples(300, 200, seed=9))

    weighed = frontier(scores, outcomes, np.full(300, 3.0))

    assert weighed.saving_at(0.9) == pytest.approx(point)
    assert interval(spread)[0] <= point <= interval(spread)[1]
    assert resamples(300, 5, seed=9).sum(axis=1).tolist() == [300] * 5


def test_a_fixed_choice_is_paid_and_graded_as_it_fell() -> None:
    outcomes = random_outcomes(50)

    strong = realised(np.ones(50, bool), outcomes)
    weak = realised(np.zeros(50, bool), outcomes.at(np.arange(50)))

    assert (strong["quality"], strong["saving"], strong["share"]) == (1, 0, 1)
    assert weak["saving"] > 0.9
    assert weak["share"] == 0
