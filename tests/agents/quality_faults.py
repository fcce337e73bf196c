"""The good drafts with one planted fault each, and where it has to be found."""

from dataclasses import dataclass, replace

from tests.agents.quality_drafts import (
    CHECK,
    DECLINE,
    EMAIL,
    FRIENDLY,
    GERMAN,
    GROWTH,
    OFFICE,
    REPORT,
    SEED,
    SHORT_X,
    WORDS_ONLY,
    Sample,
)


@dataclass(frozen=True)
class Fault:
    """A good draft with one fault, and where it has to be found."""

    name: str
    sample: Sample
    dimension: str
    code: str


def _wordy(sample: Sample) -> Sample:
    names = ("alpha", "beta", "gamma", "delta", "omega", "sigma")
    lines = [f"There is also point number {name}, which we describe at length." for name in names]
    return sample.with_text("What is your rate", "\n\n".join([*lines, "What is your rate"]))


_TAIL = "\n\n#Q4Results #Growth #ConversionRate"
FAULTS: tuple[Fault, ...] = (
    Fault("invented number", SEED.with_text("35%", "47%"), "accuracy", "ungrounded_number"),
    Fault("invented sum", GROWTH.with_text("$468.75", "$512"), "accuracy", "ungrounded_number"),
    Fault(
        "invented german number",
        GERMAN.with_text("468,75 $", "612 $"),
        "accuracy",
        "ungrounded_number",
    ),
    Fault(
        "invented number in the subject",
        replace(EMAIL, subject="Revenue grew 80% in Q4 2024"),
        "accuracy",
        "ungrounded_number",
    ),
    Fault(
        "rise told as fall",
        GROWTH.with_text("Revenue grew 25%", "Revenue fell 25%"),
        "accuracy",
        "wrong_direction",
    ),
    Fault(
        "fall told as rise",
        DECLINE.with_text("fell 10%", "grew 10%"),
        "accuracy",
        "wrong_direction",
    ),
    Fault(
        "from and to swapped",
        GROWTH.with_text("from $120,000 to $150,000", "from $150,000 to $120,000"),
        "accuracy",
        "wrong_direction",
    ),
    Fault(
        "number on the wrong metric",
        SEED.with_text("320 customers brought in", "11,250 customers brought in"),
        "accuracy",
        "wrong_metric",
    ),
    Fault(
        "rate on the wrong metric",
        SEED.with_text("That is our conversion rate.", "Our churn rate is 4.5%."),
        "accuracy",
        "wrong_metric",
    ),
    Fault("wrong quarter", GROWTH.with_text("Q4 2024", "Q2 2023"), "accuracy", "wrong_period"),
    Fault(
        "month told as year",
        FRIENDLY.with_text("$150,000 a month", "$150,000 a year"),
        "accuracy",
        "wrong_period",
    ),
    Fault(
        "growth nobody gave",
        FRIENDLY.with_text("We read every message.", "Our traffic grew as well."),
        "accuracy",
        "unsupported_change",
    ),
    Fault(
        "metric left out",
        replace(SEED, text="Q4 was a good time to look at our work.\n\nAnd for you?" + _TAIL),
        "completeness",
        "missing_metric",
    ),
    Fault(
        "off the topic",
        OFFICE.with_text("Lisbon", "our town")
        .with_text("an office", "a place")
        .with_text("designer", "person")
        .with_text("#Design #NewOffice", "#Hello"),
        "completeness",
        "missing_requirement",
    ),
    Fault(
        "no call to action",
        GROWTH.with_text(
            "How do you split your effort between new and existing customers? ", ""
        ).with_text("Let us compare notes.", "Those were the results of the quarter."),
        "engagement_potential",
        "no_call_to_action",
    ),
    Fault(
        "announcement as hook",
        GROWTH.with_text(
            "Revenue grew 25% in Q4 2024, and only part of it came from new customers.",
            "We are excited to share our results with everybody.",
        ),
        "engagement_potential",
        "weak_hook",
    ),
    Fault(
        "no hashtags",
        SEED.with_text(_TAIL, ""),
        "engagement_potential",
        "no_hashtags",
    ),
    Fault(
        "hype in a formal tone",
        DECLINE.with_text("We have begun to look at both.", "Our game-changing plan is amazing."),
        "tone",
        "hype",
    ),
    Fault(
        "contraction in a formal tone",
        DECLINE.with_text("We have begun", "We've begun"),
        "tone",
        "tone_mismatch",
    ),
    Fault(
        "capitals",
        GROWTH.with_text("That changes what we plan next", "THIS CHANGES EVERYTHING FOR US"),
        "tone",
        "shouting",
    ),
    Fault(
        "exclamation marks",
        SEED.with_text("was 35%.", "was 35%!!!"),
        "tone",
        "too_many_exclamations",
    ),
    Fault(
        "emoji in a formal tone",
        DECLINE.with_text("Q4 2024.", "Q4 2024 \U0001f680"),
        "tone",
        "tone_mismatch",
    ),
    Fault(
        "du in a formal german text",
        GERMAN.with_text("Wie verteilen Sie Ihre Zeit?", "Wie verteilst du deine Zeit?"),
        "tone",
        "wrong_address",
    ),
    Fault("markdown", SEED.with_text("4.5%.", "**4.5%**."), "format", "markdown_leak"),
    Fault(
        "placeholder", SEED.with_text("Tell us", "[Company name] Tell us"), "format", "placeholder"
    ),
    Fault("gap", EMAIL.with_text("Your team", "[X]"), "format", "placeholder"),
    Fault("too long for X", _wordy(SHORT_X), "format", "too_long"),
    Fault("no subject", replace(EMAIL, subject=None), "format", "no_subject"),
    Fault(
        "wrong language",
        replace(GERMAN, text=GROWTH.text),
        "format",
        "wrong_language",
    ),
    Fault(
        "far too short",
        replace(SEED, text="Our Q4 growth rate was 35%. What was yours? #Growth"),
        "length",
        "too_short",
    ),
    Fault(
        "a sentence without end",
        GROWTH.with_text(
            "So each customer is now worth",
            "So when we look at all of this together and think about what it could mean for the "
            "way in which we work and for the people who work with us and for all that we have "
            "planned and hoped for, each customer is now worth",
        ),
        "readability",
        "long_sentence",
    ),
    Fault(
        "hard words",
        replace(
            OFFICE,
            text="Organisational internationalisation necessitates infrastructural "
            "diversification.\n\nThe Lisbon office operationalises interdisciplinary collaboration "
            "methodologies facilitating transformational designer communities.\n\nParticipation "
            "possibilities necessitate preliminary communication. Contact us.\n\n#Lisbon",
        ),
        "readability",
        "hard_to_read",
    ),
    Fault(
        "guarantee",
        GROWTH.with_text("That changes what we plan next", "We guarantee more growth to everybody"),
        "compliance",
        "guarantee",
    ),
    Fault(
        "promised return",
        EMAIL.with_text("We read every answer.", "Invest now for guaranteed returns."),
        "compliance",
        "guarantee",
    ),
    Fault(
        "superlative",
        FRIENDLY.with_text("We read every message.", "We are the market leader in Europe."),
        "compliance",
        "superlative",
    ),
    Fault(
        "private address",
        EMAIL.with_text("reply to this e-mail", "write to john.miller@example.com"),
        "compliance",
        "personal_data",
    ),
    Fault(
        "forecast as fact",
        GROWTH.with_text(
            "we will spend more time with the customers we have", "revenue will double again"
        ),
        "compliance",
        "forward_looking",
    ),
    Fault(
        "confidential metric",
        replace(SEED, constraints={"confidential": ["conversion_rate"]}),
        "compliance",
        "confidential_metric",
    ),
    Fault(
        "copied request",
        replace(
            SEED,
            request=f"{SEED.request} and tell people that we look closely at what happens after "
            "the visit",
            text=SEED.text.replace("We look closely", "Tell people that we look closely"),
        ),
        "originality",
        "copied_request",
    ),
    Fault(
        "said twice",
        FRIENDLY.with_text(
            "We read every message.",
            "Behind that number are people who gave a small team their time and honest feedback.",
        ),
        "originality",
        "repetition",
    ),
    Fault(
        "worn phrase",
        FRIENDLY.with_text("We read every message.", "We take things to the next level."),
        "originality",
        "cliche",
    ),
    Fault(
        "forbidden word",
        replace(GROWTH, constraints={"must_avoid": ["customers"]}),
        "constraints",
        "forbidden_phrase",
    ),
    Fault(
        "phrase left out",
        replace(GROWTH, constraints={"must_include": ["Acme Cloud"]}),
        "constraints",
        "missing_phrase",
    ),
    Fault(
        "number in a text without",
        WORDS_ONLY.with_text("Our revenue grew", "Our revenue grew 25%"),
        "constraints",
        "forbidden_number",
    ),
    Fault(
        "more words than allowed",
        replace(SEED, constraints={"max_words": 40}),
        "constraints",
        "too_long",
    ),
    Fault(
        "report without grounds",
        REPORT.with_text("The figures given are", "The figures are")
        .with_text("were given", "were seen")
        .with_text("was given", "was seen")
        .with_text("Given\n", "Figures\n"),
        "transparency",
        "no_provenance",
    ),
    Fault(
        "check that leaves a finding out",
        replace(CHECK, text=CHECK.text.split("E-mail address")[0] + "This is no legal advice."),
        "transparency",
        "missing_finding",
    ),
    Fault(
        "check that sounds like a lawyer",
        CHECK.with_text(" They are no legal advice.", ""),
        "transparency",
        "no_disclaimer",
    ),
    Fault(
        "a remark about the method",
        GROWTH.with_text(
            "That changes what we plan next", "The comparison is with the previous period"
        ).with_text(": we will spend more time with the customers we have", ""),
        "specificity",
        "generic_sentence",
    ),
    Fault(
        "phrases for facts",
        replace(
            GROWTH,
            text="Revenue grew 25% in Q4 2024.\n\nThis is an important step on our way. Together "
            "we look forward to the time ahead.\n\nWhat do you think about revenue?\n\n#Revenue",
        ),
        "specificity",
        "thin",
    ),
    Fault(
        "one of two metrics named in the request",
        GROWTH.with_text(", and only part of it came from new customers", "")
        .with_text(" The number of customers rose from 300 to 320.", "")
        .with_text("each customer is now worth $468.75", "a month is now worth more")
        .with_text("with the customers we have", "at home")
        .with_text("new and existing customers", "old and new")
        .with_text(" #CustomerSuccess", ""),
        "completeness",
        "missing_metric",
    ),
    Fault(
        "another call than the one asked for",
        replace(GROWTH, constraints={"call_to_action": "Book a demo in October"}),
        "engagement_potential",
        "unfit_call_to_action",
    ),
    Fault(
        "comments in an e-mail",
        EMAIL.with_text("reply to this e-mail. We read every answer.", "tell us in the comments."),
        "engagement_potential",
        "unfit_call_to_action",
    ),
    Fault(
        "a stock phrase before the fact",
        DECLINE.with_text("Our monthly revenue fell", "Our headline figure: monthly revenue fell"),
        "engagement_potential",
        "weak_hook",
    ),
    Fault(
        "hashtags of no subject",
        SEED.with_text("#Growth #ConversionRate", "#LinkedIn #BusinessMetrics"),
        "format",
        "off_topic_hashtag",
    ),
    Fault(
        "a figure told twice",
        DECLINE.with_text("We have begun to look at both.", "Revenue is now $90,000."),
        "originality",
        "repeated_fact",
    ),
    Fault(
        "a report without end",
        REPORT.with_text("Changes\n", "Changes\n" + "\n".join(["- Customers: 320"] * 40) + "\n"),
        "structure",
        "too_many_lines",
    ),
    Fault(
        "a report that draws nothing from its figures",
        REPORT.with_text(
            " Revenue grew faster than the number of customers, so each of them brings in more "
            "than before.",
            "",
        ),
        "structure",
        "no_conclusion",
    ),
)
