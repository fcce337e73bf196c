"""Good drafts of every kind to judge, with the requests they answer."""

from dataclasses import dataclass, field, replace

from agents.compliance import COMPLIANCE
from agents.financial import FINANCIAL
from agents.understanding.intent import parse_intent
from streams.domain.commands import Command, CommandKind
from streams.domain.values import ExecutionPhase, Json

SUBMITTED = 1_736_000_000_000  # 4 January 2025
SEED_METRICS: Json = {
    "revenue_monthly": 150_000,
    "traffic_monthly": 250_000,
    "conversion_rate": 0.045,
    "customer_count": 320,
    "growth_rate_q4": 0.35,
}
GROWN: Json = {
    "revenue_monthly": 150_000,
    "customer_count": 320,
    "conversion_rate": 0.045,
    "previous": {"revenue_monthly": 120_000, "customer_count": 300},
}
FALLEN: Json = {
    "revenue_monthly": 90_000,
    "customer_count": 310,
    "previous": {"revenue_monthly": 100_000, "customer_count": 300},
}


@dataclass(frozen=True)
class Sample:
    """A draft with the request it answers."""

    name: str
    request: str
    text: str
    kind: str = "post"
    metrics: Json = field(default_factory=dict)
    tone: str = "professional"
    channels: tuple[str, ...] = ("linkedin",)
    language: str = "en"
    subject: str | None = None
    call: str = ""
    constraints: Json = field(default_factory=dict)

    def with_text(self, old: str, new: str) -> "Sample":
        assert old in self.text, f"{self.name} has no {old!r}"
        return replace(self, text=self.text.replace(old, new))


def command(kind: CommandKind, payload: Json, *, agent: str, tool_id: str | None = None) -> Command:
    return Command(
        command_id="task:1",
        task_id="task",
        kind=kind,
        phase=ExecutionPhase.EXECUTION,
        agent_type=agent,
        tool_id=tool_id,
        timeout=1_000,
        issued_at=SUBMITTED,
        payload=payload,
    )


def draft_of(sample: Sample) -> Json:
    paragraphs = [p for p in sample.text.split("\n\n") if not p.startswith("#")]
    return {
        "kind": sample.kind,
        "title": "",
        "hook": paragraphs[0] if paragraphs else "",
        "body": paragraphs,
        "content": sample.text,
        "call_to_action": sample.call,
        "hashtags": [word for word in sample.text.split() if word.startswith("#")],
        "subject": sample.subject,
        "is_offline": True,
    }


def payload_of(sample: Sample) -> Json:
    """The payload of AssessQuality as the core would make it, from the real agents."""
    preferences: Json = {"tone": sample.tone, "language": sample.language}
    if sample.channels:
        preferences["channels"] = list(sample.channels)
    intent = parse_intent(
        {
            "request": sample.request,
            "business_metrics": sample.metrics,
            "preferences": preferences,
            "submitted_at": SUBMITTED,
        }
    ).as_json
    intent = {**intent, "constraints": intent["constraints"] | sample.constraints}
    materials: Json = {}
    if sample.metrics:
        asked = {"inputs": {}, "intent": intent, "business_metrics": sample.metrics}
        step = command(
            CommandKind.RUN_STEP,
            asked,
            agent="financial",
            tool_id="financial_agent.analyze_metrics",
        )
        handler = FINANCIAL.compute(step)
        assert handler is not None
        materials["analyze"] = handler(step).output  # type: ignore[union-attr]
    if sample.kind == "check":
        given = {"content": intent["constraints"].get("source_text", ""), "kind": "post"}
        asked = {"inputs": {"draft": given}, "request": sample.request, "intent": intent}
        step = command(
            CommandKind.RUN_STEP, asked, agent="compliance", tool_id="compliance_checker"
        )
        handler = COMPLIANCE.compute(step)
        assert handler is not None
        materials["check_compliance"] = handler(step).output  # type: ignore[union-attr]
    return {
        "subject": "deliverable",
        "output": draft_of(sample),
        "request": sample.request,
        "intent": intent,
        "business_metrics": sample.metrics,
        "materials": materials,
        "issues": [],
        "scores": {},
        "feedback": [],
        "refinements": 0,
        "threshold": 0.85,
    }


SEED = Sample(
    "seed",
    "Create a LinkedIn post about our Q4 growth metrics",
    """Our Q4 growth rate was 35%. The more useful number is smaller: 4.5%.

That is our conversion rate. Of 250,000 monthly visits, it makes 11,250 conversions a month.

In Q4 2024, 320 customers brought in $150,000 in monthly revenue, or $468.75 per customer.

What this tells us: more traffic is not the first thing we need. We look closely at what happens \
after the visit.

Which number do you look at first when you review a quarter? Tell us in the comments.

#Q4Results #Growth #ConversionRate""",
    metrics=SEED_METRICS,
    call="Tell us in the comments.",
)
GROWTH = Sample(
    "growth",
    "Write a LinkedIn post about our revenue and customers in Q4 2024",
    """Revenue grew 25% in Q4 2024, and only part of it came from new customers.

Monthly revenue went from $120,000 to $150,000. The number of customers rose from 300 to 320.

So each customer is now worth $468.75 a month to us. The increase comes less from reach than from \
what people already buy.

That changes what we plan next: we will spend more time with the customers we have.

How do you split your effort between new and existing customers? Let us compare notes.

#Q4Results #Revenue #CustomerSuccess""",
    metrics=GROWN,
    tone="confident",
)
DECLINE = Sample(
    "decline",
    "Write a LinkedIn post about our revenue in Q4 2024, be honest about the decline",
    """Our monthly revenue fell 10% in Q4 2024.

It went from $100,000 to $90,000. The number of customers rose in the same time, from 300 to 310.

More customers and less revenue means that each of them spends less. That is a question of price \
and of what we offer, not of demand.

We have begun to look at both. The figures of the next quarter will show whether we understood it.

Have you seen the same pattern? We would welcome your view in the comments.

#Q4Results #Revenue #Learning""",
    metrics=FALLEN,
    tone="formal",
)
FRIENDLY = Sample(
    "friendly",
    "Create a friendly LinkedIn post about reaching 320 customers",
    """320 customers. Thank you, every single one of you.

Behind that number are people who gave a small team their time and their honest feedback.

Together you bring in $150,000 a month, and that lets us keep building what you ask for.

We read every message. The best ideas in our product came from your questions.

What should we build next? Tell us in the comments, we're happy to listen.

#ThankYou #Customers #Community""",
    metrics={"customer_count": 320, "revenue_monthly": 150_000},
    tone="friendly",
)
SHORT_X = Sample(
    "x",
    "Write a tweet about our conversion rate in Q4 2024",
    """4.5% of visits became a conversion in Q4 2024. With 250,000 visits a month, that makes \
11,250 conversions.

What is your rate, and what moved it? #Conversion #Q4""",
    metrics={"conversion_rate": 0.045, "traffic_monthly": 250_000},
    channels=("twitter",),
)
THREAD = Sample(
    "thread",
    "Write a thread of 4 tweets about our Q4 2024 revenue",
    """Revenue grew 25% in Q4 2024. Here is what is behind it, in four posts.

Monthly revenue went from $120,000 to $150,000. That is $1.8 million at an annual rate, no forecast.

The number of customers rose from 300 to 320. So each customer now brings in $468.75 a month.

Most of the growth came from the customers we had. How is that where you work? Reply and tell us. \
#Q4Results""",
    kind="thread",
    metrics=GROWN,
    channels=("twitter",),
    tone="informative",
)
EMAIL = Sample(
    "email",
    "Write an e-mail to our customers about our results in Q4 2024",
    """Dear customers,

Thanks to you, our monthly revenue grew 25% in Q4 2024, from $120,000 to $150,000.

You are now 320 customers, 20 more than before. That lets us answer faster and repair what you \
report.

If there is one thing you would like us to improve next, reply to this e-mail. We read every \
answer.

Kind regards
Your team""",
    kind="email",
    metrics=GROWN,
    channels=("email",),
    subject="What your trust made possible in Q4 2024",
)
REPORT = Sample(
    "report",
    "Analyze our revenue and customers for Q4 2024 and compare with the previous quarter",
    """Monthly revenue grew 25% in Q4 2024, from $120,000 to $150,000, and customers grew 6.7%.

Given
The figures given are monthly revenue of $150,000, 320 customers and a conversion rate of 4.5%. \
For the previous period, $120,000 and 300 customers were given.

Derived
At an annual rate, revenue is $1.8 million (monthly revenue \u00d7 12). Revenue per customer is \
$468.75, computed as revenue ÷ customers.

Changes
Revenue rose by $30,000, customers by 20. Revenue grew faster than the number of customers, so \
each of them brings in more than before.

Limits
No earlier conversion rate was given, so nothing can be said about its change.""",
    kind="report",
    metrics=GROWN,
    channels=(),
)
CHECK = Sample(
    "check",
    'Check this text for compliance: "We guarantee results. Contact jane.doe@example.com today."',
    """The risk is high: two findings, one of them serious.

Guaranteed result (high)
"We guarantee" promises what nobody can be sure of. Rule: FTC Act, section 5, and UWG, section 5. \
Say what others have reached, or what the product does.

E-mail address of a person (medium)
"jane.doe@example.com" seems to belong to a person. Rule: GDPR, article 6. Use a role address or \
get consent.

These rules find common risks. They are no legal advice.""",
    kind="check",
    channels=(),
)
OFFICE = Sample(
    "office",
    "Write a LinkedIn post announcing our new office in Lisbon for designers",
    """Why Lisbon? Because that is where many of the designers we work with already live.

From spring on, we have an office there. It is small on purpose: a few desks, a large table, and a \
door that stands open.

If you are a designer in the city, come by and bring what you are working on. We like to learn \
from unfinished things.

Would you like to see it first? Send us a message.

#Lisbon #Design #NewOffice""",
    tone="conversational",
)
WORDS_ONLY = Sample(
    "no numbers",
    "Write a LinkedIn post about our revenue, without numbers",
    """Our revenue grew, and not for the reason we had planned.

We had hoped for new customers. What happened instead: the customers we have came to use more of \
what we offer.

That is a quieter kind of success. Nobody notices it in the news, but it is the kind that stays.

So we ask one question more often now: what do our customers still do by hand?

What would your customers answer? Tell us.

#Revenue #Customers #Focus""",
    metrics=GROWN,
)
GERMAN = Sample(
    "german",
    "Schreibe einen LinkedIn-Beitrag über unseren Umsatz im Q4 2024",
    """Unser Monatsumsatz stieg im Q4 2024 um 25 %, und die Zahl der Kunden nur wenig.

Der Umsatz wuchs von 120.000 $ auf 150.000 $. Die Zahl der Kunden stieg von 300 auf 320.

Das heißt: Jeder Kunde kauft heute mehr als zuvor, nämlich für 468,75 $ im Monat. Der Zuwachs \
kommt also vor allem von Kunden, die schon da waren.

Für uns folgt daraus, dass wir mehr Zeit mit ihnen verbringen als mit neuer Werbung.

Wie verteilen Sie Ihre Zeit? Schreiben Sie uns Ihre Sicht in die Kommentare.

#Umsatz #Q4 #Kunden""",
    metrics=GROWN,
    language="de",
)
GERMAN_CASUAL = Sample(
    "german casual",
    "Schreibe einen lockeren LinkedIn-Beitrag über unsere 320 Kunden",
    """320 Kunden. Ganz ehrlich: Damit hätten wir nicht gerechnet.

Zusammen bringt ihr uns 150.000 $ im Monat. Das ist viel, und es verpflichtet uns zu etwas: gut \
zuzuhören.

Also machen wir es einfach. Du hast eine Idee, wir lesen sie. Du findest einen Fehler, wir beheben \
ihn.

Was fehlt dir noch? Schreib es uns in die Kommentare.

#Danke #Kunden #Feedback""",
    metrics={"customer_count": 320, "revenue_monthly": 150_000},
    tone="casual",
    language="de",
)
URGENT = Sample(
    "urgent",
    "Write an urgent LinkedIn post about our churn rate of Q4 2024 for the sales team",
    """Our churn rate rose to 6% in Q4 2024. We need to act this week.

It was 4% before. At this pace we lose customers faster than we can replace them.

Here is what matters now: call the ten customers you know best, and ask what they miss. Write down \
their words, not ours.

Bring the answers by Friday. We decide together what to change first.

Who takes which customers? Reply today.

#Churn #Sales #Customers""",
    metrics={"churn_rate": 0.06, "previous": {"churn_rate": 0.04}},
    tone="urgent",
    constraints={"claimed_numbers": ["ten customers"]},
)
GOOD: tuple[Sample, ...] = (
    SEED, GROWTH, DECLINE, FRIENDLY, SHORT_X, THREAD, EMAIL, REPORT, CHECK, OFFICE, WORDS_ONLY,
    GERMAN, GERMAN_CASUAL, URGENT,
)  # fmt: skip
