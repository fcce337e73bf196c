"""Agents for the tests of the ways in: small and quick, with a deliverable for two channels that a
human must approve, and publishers that write down what they were given."""

from dataclasses import dataclass, field, replace

from agents.contract import Agent, Done, GiveUp, Outcome
from agents.echo import echo_agents
from streams.domain.commands import Command
from streams.domain.deliverable import ChannelVariant, Deliverable
from streams.domain.intent import Intent, Question
from streams.domain.plan import ExecutionPlan
from streams.domain.values import Channel, Json

POST = "Revenue grew to $150,000 a month. #Growth"


@dataclass
class Makers:
    """The agents, and what they published."""

    question: str | None = None  # asked before anything is done
    is_failing: bool = False  # whether formatting fails for good
    score: float = 0.95
    published: list[Json] = field(default_factory=list)

    def agents(self) -> tuple[Agent, ...]:
        """All that a task needs."""
        echoes = {agent.agent_type: agent for agent in echo_agents(score=self.score)}
        planner, content = echoes["planner"], echoes["content"]
        plan = planner.computes["PlanWorkflow"]
        return (
            replace(
                planner,
                computes={
                    **planner.computes,
                    "ParseIntent": self._intent,
                    "PlanWorkflow": lambda command: _asking_approval(plan(command)),
                },
            ),
            replace(content, computes={**content.computes, "Format": self._format}),
            echoes["evaluator"],
            echoes["echo"],
            Agent(
                "publisher",
                effects={f"{channel.value}_publisher": self._publish for channel in Channel},
            ),
        )

    def _intent(self, command: Command) -> Outcome:
        asked = None
        if self.question is not None and not command.payload.get("answers"):
            asked = Question(text=self.question, options=("2023", "2024"))
        channels = (Channel.LINKEDIN, Channel.TWITTER)
        intent = Intent(
            name="create", action="create", domain="test", channels=channels, question=asked
        )
        return Done(intent.as_json)

    def _format(self, command: Command) -> Outcome:
        if self.is_failing:
            return GiveUp("the formatter is out of paper")
        return Done(deliverable().as_json)

    async def _publish(self, command: Command) -> Outcome:
        self.published.append(command.payload)
        return Done({"reference": f"urn:{command.command_id}", "is_dry_run": True})


def deliverable() -> Deliverable:
    """A post for LinkedIn and X."""
    variants = tuple(
        ChannelVariant(channel=channel, content=POST, characters=len(POST), limit=limit)
        for channel, limit in ((Channel.LINKEDIN, 3_000), (Channel.TWITTER, 280))
    )
    return Deliverable(
        title="Q4 Growth Story",
        content=POST,
        hashtags=("#Growth",),
        metrics_referenced={"revenue_monthly": "$150,000"},
        narrative="Revenue grew.",
        variants=variants,
    )


def _asking_approval(outcome: Outcome) -> Outcome:
    assert isinstance(outcome, Done)
    plan = ExecutionPlan.model_validate(outcome.output)
    asking = plan.model_copy(update={"requires_approval": True, "reasons": ("it is the only one",)})
    return Done(asking.model_dump(mode="json"))
