"""Why a plan is as it is: sentences for people, in English and German."""

from tests.agents.planning import SEED, plan_for


def test_the_reasons_are_sentences_about_the_work() -> None:
    plan = plan_for(SEED)

    assert plan.reasons == (
        "The work takes 6 steps, those joined by + at the same time: Gather the metrics → Analyze "
        "the metrics → Write the draft → Format for LinkedIn + Check compliance → Check quality.",
        "It is expected to cost $0.00, to take less than a second and to succeed at the first try "
        "in 92 of 100 cases; of 4 possible workflows it is the best.",
        "The text is written from the analysis of your figures, so that every number has a source.",
        "The draft must reach 75% in quality before the work goes on, the final text 85%.",
        "Nothing is published before it is approved.",
    )


def test_german_requests_have_german_reasons_and_steps() -> None:
    plan = plan_for("Erstelle einen LinkedIn-Beitrag über unseren Umsatz")

    assert plan.reasons[0].startswith("Die Arbeit hat 6 Schritte")
    assert "Entwurf schreiben" in plan.reasons[0]
    assert "nicht gewählt, denn was fehlt, ist mehr wert" in plan.alternatives[0]["summary"]


def test_the_alternatives_say_how_they_differ_and_why_they_were_not_chosen() -> None:
    plan = plan_for(SEED)

    first = plan.alternatives[0]
    assert first["without"] == ["quality_report"]
    assert first["summary"] == (
        "Without the quality check: not chosen, since what it leaves out is worth more than it "
        "costs."
    )
    scores = [other["score"] for other in plan.alternatives]
    assert scores == sorted(scores)


def test_a_report_that_nobody_publishes_needs_no_approval() -> None:
    plan = plan_for("Analyze our revenue")

    assert not plan.requires_approval
    assert "Nothing is to be published, so no approval is needed." in plan.reasons
