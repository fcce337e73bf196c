"""Whether more of a metric is better, as far as its name tells."""

from agents.figures.facts import Fact
from agents.figures.metric_names import word_set, words_of

LESS_IS_BETTER = word_set(
    "churn churned cost costs cac expense expenses spend spending burn attrition refund refunds "
    "complaint complaints bounce cancellations debt errors downtime tickets returns defects "
    "absence turnaround latency days payback incidents bugs"
)
_DONE = word_set("solved resolved closed completed won renewed paid delivered gelöst erledigt")
_MORE_IS_BETTER = word_set(
    "revenue revenues mrr arr profit profits margin customer customers user users visit visits "
    "visitors traffic sessions conversion conversions lead leads order orders signup signups "
    "subscriber subscribers follower followers members downloads deals retention nps satisfaction "
    "ltv clv arpu aov income sales engagement impressions clicks bookings ebitda cash surplus "
    "growth turnover purchases rating pipeline uptime"
)


def merit_of(fact: Fact) -> int:
    """1 where more is better, -1 where less is better, 0 where the name does not say."""
    names = {*words_of(fact.fact_id.split("[")[0]), *words_of(fact.label)}
    if names & _DONE:
        return 1
    if names & LESS_IS_BETTER:
        return -1
    return 1 if names & _MORE_IS_BETTER else 0
