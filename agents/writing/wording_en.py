"""English phrasings of what facts say: sentences, short forms, and what follows from them."""

from collections.abc import Mapping

# Placeholders: {our} and {Our} name the metric with "our", {label} without; {now}, {before},
# {percent} and {points} are numbers; {is_} and {stands} agree with the noun.
SENTENCES: Mapping[str, tuple[str, ...]] = {
    "up": (
        "{Our} grew {percent}, from {before} to {now}.",
        "{Our} rose {percent}, from {before} to {now}.",
        "{Our} went up {percent}, from {before} to {now}.",
    ),
    "down": (
        "{Our} fell {percent}, from {before} to {now}.",
        "{Our} went down {percent}, from {before} to {now}.",
        "{Our} dropped {percent}, from {before} to {now}.",
    ),
    "points_up": ("{Our} rose {points} percentage points, from {before} to {now}.",),
    "points_down": ("{Our} fell {points} percentage points, from {before} to {now}.",),
    "went": ("{Our} went from {before} to {now}.",),
    "same": ("{Our} held at {now}.", "{Our} stayed at {now}."),
    "growth": ("{Our} is {now}.", "We recorded a {label} of {now}."),
    "shrinking": ("{Our} is {now}.", "We recorded a {label} of {now}."),
    "compound": ("{Label} is {now}.",),
    "revenue": (
        "{Our} {stands} at {now}, which is {year} at an annual rate.",
        "{Our} {is_} {now}. At an annual rate, that is {year}.",
        "{Our} {is_} {now}, or {year} at an annual rate.",
    ),
    "conversions": (
        "Of {visits} {visits_label}, {rate} convert, which makes {now} conversions a month.",
        "{visits} {visits_label} at a conversion rate of {rate} make {now} conversions a month.",
        "Out of {visits} {visits_label}, {rate} convert. That makes {now} conversions a month.",
    ),
    "per_customer": (
        "Across {customers} customers, {label} comes to {now}.",
        "With {customers} customers, {label} is {now}.",
        "Divided among {customers} customers, that is {now} in {label}.",
    ),
    "margin": ("{Our} is {now}.", "Out of that revenue, {now} remains as profit."),
    "surplus": ("After costs, {now} of monthly revenue remains.",),
    "lifetime_ratio": ("A customer's lifetime value is {now} the cost of winning them.",),
    "payback": ("It takes {now} of revenue to earn back the cost of winning a customer.",),
    "per_visit": (
        "Each visit stands for {now} of revenue on average.",
        "On average, one visit stands for {now} of revenue.",
    ),
    "share": (
        "{Part} makes up {now} of our {whole}, the largest part.",
        "The largest part of our {whole} comes from {part}: {now}.",
    ),
    "level": ("{Our} {is_} {now}.", "{Our} {stands} at {now}."),
    "count": ("We count {now} {label}.", "{Our} {stands} at {now}."),
    "customers": ("We serve {now} customers.", "{now} customers work with us."),
}

# The short form of a point: a sentence without its end, and a noun phrase.
CORES: Mapping[str, tuple[str, str]] = {
    "up": ("{our} grew {percent} to {now}", "{label} up {percent} to {now}"),
    "down": ("{our} fell {percent} to {now}", "{label} down {percent} to {now}"),
    "points_up": (
        "{our} rose {points} percentage points to {now}",
        "{label} up {points} percentage points to {now}",
    ),
    "points_down": (
        "{our} fell {points} percentage points to {now}",
        "{label} down {points} percentage points to {now}",
    ),
    "went": ("{our} went from {before} to {now}", "{label} from {before} to {now}"),
    "same": ("{our} held at {now}", "{label} steady at {now}"),
    "growth": ("we recorded a {label} of {now}", "a {label} of {now}"),
    "shrinking": ("we recorded a {label} of {now}", "a {label} of {now}"),
    "compound": ("{label} is {now}", "{label} of {now}"),
    "revenue": ("{our} {stands} at {now}", "{now} in {label}"),
    "conversions": ("{visits} visits make {now} conversions a month", "{now} conversions a month"),
    "per_customer": ("{our} comes to {now}", "{now} in {label}"),
    "margin": ("{our} is {now}", "a {label} of {now}"),
    "surplus": ("{now} of monthly revenue remains after costs", "{now} left after costs"),
    "lifetime_ratio": (
        "a customer's lifetime value is {now} the cost of winning them",
        "a lifetime value of {now} the cost of winning a customer",
    ),
    "payback": (
        "it takes {now} of revenue to earn back the cost of winning a customer",
        "{now} to earn back the cost of winning a customer",
    ),
    "per_visit": ("each visit stands for {now} of revenue", "{now} of revenue for each visit"),
    "share": ("{part} makes up {now} of our {whole}", "{now} of {whole} from {part}"),
    "level": ("{our} {stands} at {now}", "{label} at {now}"),
    "level_usd": ("{our} {stands} at {now}", "{now} in {label}"),
    "level_percent": ("{our} {stands} at {now}", "a {label} of {now}"),
    "count": ("we count {now} {label}", "{now} {label}"),
    "customers": ("we serve {now} customers", "{now} customers"),
}

# The same story where no number may be used.
WORDLESS: Mapping[str, tuple[str, ...]] = {
    "up": ("{Our} grew.", "{Our} went up."),
    "down": ("{Our} fell.", "{Our} went down."),
    "points_up": ("{Our} rose.",),
    "points_down": ("{Our} fell.",),
    "went": ("{Our} changed.",),
    "same": ("{Our} held steady.",),
    "growth": ("{Our} is positive.",),
    "shrinking": ("{Our} is negative.",),
    "revenue": ("{Our} {is_} one of the figures we watch most closely.",),
    "conversions": ("What visits become depends on how many of them convert.",),
    "per_customer": ("We look at revenue per customer as well as at the total.",),
    "level": ("We keep a close eye on {our}.", "{Our} {is_} part of the picture."),
    "share": ("Not every part weighs the same: {part} makes up the largest one.",),
}
WORDLESS_CORES: Mapping[str, tuple[str, str]] = {
    "up": ("{our} grew", "growth in {label}"),
    "down": ("{our} fell", "a decline in {label}"),
    "points_up": ("{our} rose", "a higher {label}"),
    "points_down": ("{our} fell", "a lower {label}"),
    "went": ("{our} changed", "a change in {label}"),
    "same": ("{our} held steady", "a steady {label}"),
    "growth": ("we recorded growth", "growth"),
    "shrinking": ("we recorded a decline", "a decline"),
    "level": ("we look closely at {our}", "a closer look at {our}"),
}

# What the points mean together; each holds by arithmetic alone.
RELATIONS: Mapping[str, str] = {
    "revenue_customers_more": "Revenue grew faster than the number of customers, so each customer "
    "now brings in more on average.",
    "revenue_customers_less": "The number of customers grew faster than revenue, so each customer "
    "now brings in less on average.",
    "revenue_traffic_more": "Revenue grew faster than visits, so each visit now brings in more on "
    "average.",
    "revenue_traffic_less": "Visits grew faster than revenue, so each visit now brings in less on "
    "average.",
    "customers_traffic_more": "The number of customers grew faster than visits.",
    "revenue_costs_more": "Revenue grew faster than costs, so more of each dollar earned remains.",
    "revenue_costs_less": "Costs grew faster than revenue, so less of each dollar earned remains.",
}
# Where growth was asked for and the figures show a decline.
NO_GROWTH: Mapping[str, tuple[str, ...]] = {
    "sober": ("That is no growth, and we report it as plainly as we would report growth.",),
    "stiff": ("The figures show no growth. They form the base for the next comparison.",),
    "bold": ("This is not growth. We put it on the table all the same.",),
    "warm": ("Growth would have been the easier story to tell. The figures say otherwise.",),
    "light": ("Growth would have made the better headline. These are the real numbers.",),
}
MEANINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "conversions": {
        "sober": (
            "Two factors set the number of conversions: how many people visit, and how "
            "many of them "
            "convert. A change in either one shows up in the result.",
            "The number of conversions has two parts, traffic and conversion rate, and each can be "
            "worked on separately.",
        ),
        "stiff": (
            "The number of conversions follows from two factors: visits and conversion rate.",
        ),
        "bold": (
            "Traffic and conversion rate set the number of conversions. Nothing else does.",
            "Two levers, one result: traffic and conversion rate.",
        ),
        "warm": (
            "It takes both: people who find their way to us, and reasons for them to stay.",
            "Two things come together in conversions: how many people visit, and how many say yes.",
        ),
        "light": (
            "Two knobs, one result: visits on the left, conversion rate on the right.",
            "More visits or a better conversion rate: turn either one and the result moves.",
        ),
    },
    "per_customer": {
        "sober": (
            "The total shows the size of the business. Revenue per customer shows what each "
            "relationship brings in.",
            "Revenue per customer puts the total into proportion, whatever its size.",
        ),
        "stiff": ("Revenue per customer relates the total to the number of customers.",),
        "bold": ("The total shows size. Revenue per customer shows substance.",),
        "warm": (
            "Totals can feel abstract. Revenue per customer brings the number back to a single "
            "relationship.",
        ),
        "light": (
            "Totals look good on slides. Revenue per customer is the one that keeps us honest.",
        ),
    },
    "revenue": {
        "sober": (
            "The annual rate is a multiplication, not a forecast: it extends one month to twelve.",
        ),
        "stiff": ("The annual rate is a multiple of the monthly figure and not a forecast.",),
        "bold": ("The annual rate is plain multiplication, not a forecast.",),
        "warm": ("The annual rate is simply the month multiplied, not a forecast.",),
        "light": ("And no, the annual rate is not a forecast. It is multiplication.",),
    },
    "growth": {
        "sober": (
            "A growth rate says little without its base, which is why we show it next "
            "to the levels.",
            "Read together, rate and levels give a fuller picture than either does alone.",
        ),
        "stiff": ("The growth rate is to be read together with the levels stated here.",),
        "bold": ("A growth rate without its base is half a statement. Here are both.",),
        "warm": (
            "A growth rate alone tells half the story, so we are sharing the levels with it.",
        ),
        "light": (
            "A growth rate on its own is just a percentage with good manners. So here "
            "are the levels too.",
        ),
    },
    "story:growth": {
        "sober": ("The comparison is with the previous period, on the same metrics.",),
        "stiff": ("The comparison refers to the previous period.",),
        "bold": ("Same metric, previous period, direct comparison.",),
        "warm": ("We compare with the period before, like for like.",),
        "light": ("Compared with the period before, no tricks with the axis.",),
    },
    "story:decline": {
        "sober": (
            "We report this as plainly as we would report a rise. It is the base that the next "
            "period will be measured against.",
        ),
        "stiff": ("These figures form the base against which the next period will be measured.",),
        "bold": ("A decline is a fact like any other. We put it on the table.",),
        "warm": ("Not every period points upwards, and we would rather say so openly.",),
        "light": (
            "Not every chart goes up and to the right. This one did not, and that is fine to say.",
        ),
    },
    "story:mixed": {
        "sober": ("Both directions belong in the same picture, so we report them together.",),
        "stiff": ("Both developments are to be read together.",),
        "bold": ("One picture, both directions. Leaving one out would be half the truth.",),
        "warm": ("Some figures rose and some fell. We would rather show you all of them.",),
        "light": ("Some arrows up, some arrows down. You get the whole dashboard.",),
    },
    "story:efficiency": {
        "sober": ("For this metric, less is better, so the direction is the right one.",),
        "stiff": ("For this metric, a lower value is the better one.",),
        "bold": ("Here, down is the right direction.",),
        "warm": ("This is one of those numbers that we like to see go down.",),
        "light": ("For once, down and to the right is exactly where we want it.",),
    },
    "story:steady": {
        "sober": ("No change is a result as well: it sets the base for the next comparison.",),
        "stiff": ("The figures are unchanged against the previous period.",),
        "bold": ("Steady is a position too.",),
        "warm": ("Steady is an honest answer as well.",),
        "light": ("No drama, no change. Also a result.",),
    },
    "story:figure": {
        "sober": (
            "It is a level, not a trend: it shows where we stand and gives the next period "
            "something to be measured against.",
        ),
        "stiff": ("The figure describes a level and contains no comparison with earlier periods.",),
        "bold": ("This is where we stand. The next period will be measured against it.",),
        "warm": ("This is where we stand today, and what we will look back on next time.",),
        "light": ("That is the snapshot. Next time, we will have something to compare it with.",),
    },
    "story:level": {
        "sober": (
            "These are levels, not trends: they show where we stand and give the next period "
            "something to be measured against.",
            "Taken together, these figures describe where we stand today. They are the base for "
            "the next comparison.",
        ),
        "stiff": (
            "The figures describe levels. A comparison with an earlier period is not part of them.",
        ),
        "bold": ("This is where we stand. The next period will be measured against it.",),
        "warm": ("This is where we stand today, and what we will look back on next time.",),
        "light": ("That is the snapshot. Next time, we will have something to compare it with.",),
    },
}

BACKGROUND = "The background: {topic}."
# What the hook left out about its point.
FOLLOW_UPS: Mapping[str, tuple[str, ...]] = {
    "up": (
        "In the previous period, the figure was {before}.",
        "The period before, it was {before}.",
    ),
    "down": ("In the previous period, the figure was {before}.",),
    "points_up": ("In the previous period, the rate was {before}.",),
    "points_down": ("In the previous period, the rate was {before}.",),
    "revenue": ("At an annual rate, that is {year}.", "Extended to a year, that makes {year}."),
    "conversions": ("Behind it are {visits} {visits_label}, of which {rate} convert.",),
    "per_customer": ("The figure rests on {customers} customers.",),
}
