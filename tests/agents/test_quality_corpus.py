"""Good drafts pass, each planted fault is found, and the scores tell good from mediocre and bad."""

from dataclasses import replace
from functools import cache

import pytest

from agents.quality.assessment import assess
from streams.domain.quality import QualityAssessment
from tests.agents.quality_drafts import (
    EMAIL,
    GERMAN,
    GOOD,
    GROWTH,
    SEED,
    SHORT_X,
    Sample,
    payload_of,
)
from tests.agents.quality_faults import FAULTS, Fault
from tests.agents.quality_rates import is_found, rates

GATES = ("accuracy", "format", "compliance", "constraints")
MOST_FALSE_ALARMS = 0.1  # of the good drafts, in a dimension that is no gate

MEDIOCRE = (
    replace(
        SEED,
        name="bland",
        text="""We are pleased to share an update about Q4.

The Q4 growth rate was 35% and monthly revenue was $150,000. The conversion rate was 4.5% and \
there were 250,000 monthly visits, which were made by people who were interested in what is \
offered by us and what was improved by the team over time.

These results were achieved by the whole team. We will continue to work hard.

#Q4 #Growth #Results""",
    ),
    replace(
        GROWTH,
        name="worn",
        tone="professional",
        text="""We're thrilled to announce our results for Q4 2024!

In today's fast-paced world, it's no secret that growth matters. Revenue grew 25% and we took \
things to the next level. Our team leveraged synergies and the results are amazing.

Revenue was $150,000 and we have 320 customers. Needless to say, this is a win-win for everybody \
and a testament to the hard work of our incredible team.

Stay tuned!

#Growth #Revenue #Success""",
    ),
    replace(
        GERMAN,
        name="official",
        text="""Wir freuen uns, über unsere Ergebnisse zu berichten.

Der Umsatz ist im Q4 2024 gestiegen. Der Monatsumsatz betrug 150.000 $. Durch die kontinuierliche \
Weiterentwicklung unserer ganzheitlichen Lösungen wurde eine Verbesserung der Umsatzentwicklung \
erreicht, welche durch verschiedene organisatorische Maßnahmen unterstützt wurde.

Wir bedanken uns bei allen Beteiligten.

#Umsatz""",
    ),
    replace(
        EMAIL,
        name="dull",
        subject="Newsletter",
        text="""Dear customers,

we would like to inform you about our results. Revenue was $150,000 in Q4 2024, customers were \
320. We are very happy about these results and we hope that you are happy too, because happy \
customers are what counts for us and for everybody who works here and at home.

Kind regards
Your team""",
    ),
)
BAD = (
    replace(
        SEED,
        name="loud",
        text="""\U0001f680 WE ARE CRUSHING IT!!! \U0001f680

Our revolutionary, game-changing platform is the #1 platform in the world and growth is INSANE!!! \
Revenue is up 350% and we guarantee the same results for you.

**Act now** before it's too late! [Insert link here]

#growth #success #startup #hustle #winning #money #amazing""",
    ),
    replace(
        SEED,
        name="vague",
        text="Business is good. We did many things this quarter and things are going well. More "
        "to come soon.",
    ),
    replace(
        GROWTH,
        name="wall",
        text="In today's fast-paced digital world, organisations are increasingly confronted with "
        "transformational challenges that necessitate comprehensive reconsideration of operational "
        "methodologies, and it is against this background that we would like to communicate that "
        "performance indicators have been developing satisfactorily, whereby organisational "
        "initiatives were implemented by the responsible departments and further optimisation "
        "potentials were identified which will be realised in subsequent periods.",
    ),
    replace(
        GERMAN,
        name="german loud",
        text="WAHNSINN!!! Unser Umsatz ist um 80 % explodiert! Wir sind die Nummer eins und "
        "garantieren dir auch deinen Erfolg! Einfach mega und unglaublich! Nur noch heute!",
    ),
    replace(
        SHORT_X,
        name="advertisement",
        text="Unlock your full potential with our amazing conversion rate of 9.5%! Conversion "
        "doubled and will double again next year, guaranteed. #growth #conversion #sales [link]",
    ),
)


@cache
def judged(sample_name: str) -> QualityAssessment:
    return assess(payload_of(next(s for s in GOOD if s.name == sample_name)))


@pytest.mark.parametrize("sample", GOOD, ids=lambda s: s.name)
def test_a_good_draft_passes_with_at_least_ninety_percent(sample: Sample) -> None:
    assessment = judged(sample.name)

    assert assessment.overall >= 0.9
    assert not assessment.failed_gates, assessment.issues


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_a_planted_fault_is_found_in_its_dimension(fault: Fault) -> None:
    assessment = assess(payload_of(fault.sample))

    found = next(d for d in assessment.dimensions if d.name == fault.dimension)
    assert is_found(fault, assessment), found
    assert found.score <= 0.93


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_a_planted_fault_makes_the_draft_worse(fault: Fault) -> None:
    good = next((s for s in GOOD if s.name == fault.sample.name), None)
    assert good is not None

    assessment = assess(payload_of(fault.sample))

    before = judged(good.name)
    assert not assessment.is_better_than(before)
    assert assessment.overall < before.overall


def test_each_dimension_finds_its_faults_and_leaves_good_drafts_alone() -> None:
    measured = rates()

    assert all(one.true_positives == 1 for one in measured.values()), measured
    assert all(one.false_positives <= MOST_FALSE_ALARMS for one in measured.values()), measured
    assert all(measured[gate].false_positives == 0 for gate in GATES), measured


def test_every_dimension_has_drafts_that_it_finds_fault_with() -> None:
    every = {d.name for s in GOOD for d in judged(s.name).dimensions}

    assert every <= {fault.dimension for fault in FAULTS}


@pytest.mark.parametrize("sample", MEDIOCRE, ids=lambda s: s.name)
def test_a_mediocre_draft_lies_between_good_and_bad(sample: Sample) -> None:
    assessment = assess(payload_of(sample))

    assert 0.75 <= assessment.overall < 0.9


@pytest.mark.parametrize("sample", BAD, ids=lambda s: s.name)
def test_a_bad_draft_scores_below_the_threshold_of_a_step(sample: Sample) -> None:
    assessment = assess(payload_of(sample))

    assert assessment.overall < 0.75
    assert not assessment.passes(0.75)


def test_worse_is_scored_lower() -> None:
    groups = [GOOD, MEDIOCRE, BAD]

    means = [sum(assess(payload_of(s)).overall for s in g) / len(g) for g in groups]

    assert means[0] - means[1] > 0.1
    assert means[1] - means[2] > 0.15
