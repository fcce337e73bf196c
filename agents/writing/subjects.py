"""What a metric is about, so that its meaning and the question to readers can fit it."""

from agents.figures.facts import Fact
from agents.figures.formulas import is_growth
from agents.figures.metric_names import word_set, words_of

_WORDS = (
    # the first that a metric's name fits counts
    ("growth", word_set("growth")),
    ("churn", word_set("churn churned retention attrition nrr")),
    ("costs", word_set("cost costs cac expense expenses spend spending burn")),
    ("conversion", word_set("conversion conversions leads")),
    (
        "users",
        word_set(
            "signup signups user users subscriber subscribers downloads members registrations"
        ),
    ),
    (
        "revenue",
        word_set("revenue revenues mrr arr sales turnover profit margin arpu aov"),
    ),
    ("customers", word_set("customer customers client clients")),
    ("traffic", word_set("traffic visits visitors sessions impressions clicks")),
    ("satisfaction", word_set("nps satisfaction rating reviews csat")),
    ("team", word_set("employees headcount staff team")),
)


def subject_of(fact: Fact) -> str:
    """The subject of a fact: revenue, customers, churn; "general" where its name does not say."""
    if is_growth(fact):
        return "growth"
    words = set(words_of(fact.fact_id.split("[")[0]))
    return next((name for name, known in _WORDS if known & words), "general")
