"""English phrasings of what facts say: sentences, short forms, and what follows from them."""

from collections.abc import Mapping

# Placeholders: {our} and {Our} name the metric with "our", {label} without; {now}, {before},
# {percent}, {points} and {change} are numbers; {is_} and {stands} agree with the noun and with the
# time; {than} is "than the quarter before", {at} "the quarter before"; {fewer} is "less" of money.
SENTENCES: Mapping[str, tuple[str, ...]] = {
    "up": (
        "{Our} grew {percent}, from {before} to {now}.",
        "{Our} rose {percent}, from {before} to {now}.",
        "{Our} went up {percent}, from {before} to {now}.",
        "{Our} rose by {change}, from {before} to {now}.",
        "{Our} went from {before} to {now}, {change} more {than}.",
    ),
    "down": (
        "{Our} fell {percent}, from {before} to {now}.",
        "{Our} dropped {percent}, from {before} to {now}.",
        "{Our} fell by {change}, from {before} to {now}.",
        "{Our} went from {before} to {now}, {change} {fewer} {than}.",
    ),
    "points_up": (
        "{Our} rose {points} percentage points, from {before} to {now}.",
        "{Our} rose from {before} to {now}.",
    ),
    "points_down": (
        "{Our} fell {points} percentage points, from {before} to {now}.",
        "{Our} fell from {before} to {now}.",
    ),
    "span_up": ("{Our} rose from {first} to {now}{span}.",),
    "span_down": ("{Our} fell from {first} to {now}{span}.",),
    "went": ("{Our} went from {before} to {now}.",),
    "same": ("{Our} held at {now}.", "{Our} stayed at {now}."),
    "growth": ("{Our} {is_} {now}.",),
    "shrinking": ("{Our} {is_} {now}.",),
    "compound": ("The {label} is {now}.",),
    "revenue": (
        "{Our} {is_} {now}. A year at that pace makes {year}.",
        "{Our} {stands} at {now}, or {year} at an annual rate.",
        "{Our} {is_} {now}, which is {year} at an annual rate.",
    ),
    "conversions": (
        "Of {visits} {visits_label}, {rate} convert: that makes {now} conversions a month.",
        "{visits} {visits_label}, of which {rate} convert: {now} conversions a month.",
        "Out of {visits} {visits_label}, {rate} convert. In all, {now} conversions a month.",
        "That makes {now} conversions a month.",
    ),
    "per_customer": (
        "With {customers} customers, each one brings in {now} a month on average.",
        "Spread across {customers} customers, monthly revenue comes to {now} for each.",
        "{customers} customers work with us, and each brings in {now} a month on average.",
        "Each customer brings in {now} a month on average.",
        "Monthly revenue per customer is {now}.",
    ),
    "margin": ("{Our} {is_} {now}.", "Out of our revenue, {now} remains as profit."),
    "surplus": ("After costs, {now} of monthly revenue remains.",),
    "lifetime_ratio": ("A customer's lifetime value is {now} the cost of winning them.",),
    "payback": ("It takes {now} of revenue to earn back the cost of winning a customer.",),
    "per_visit": (
        "Each visit is worth {now} in revenue on average.",
        "On average, one visit brings in {now} of revenue.",
    ),
    "share": (
        "{Part} makes up {now} of our {whole}, the largest part.",
        "The largest part of our {whole} comes from {part}: {now}.",
    ),
    "level": ("{Our} {is_} {now}.", "{Our} {stands} at {now}."),
    "count": ("We count {now} {label}.", "{Our} {stands} at {now}."),
    "customers": ("We serve {now} customers.", "{now} customers work with us."),
}
# What the first line left out about its point.
FOLLOW_UPS: Mapping[str, tuple[str, ...]] = {
    "up": (
        "That is {change} more {than}, up from {before}.",
        "{It_was} {before} {at}, so that is {change} more.",
        "{It_was} {before} {at}, a rise of {percent}.",
        "{Our} rose {percent} from {before}.",
        "That is {change} more {than}.",
        "{It_was} {before} {at}.",
        "That is {percent} more {than}.",
    ),
    "down": (
        "That is {change} {fewer} {than}, down from {before}.",
        "{It_was} {before} {at}, so that is {change} {fewer}.",
        "{It_was} {before} {at}, a fall of {percent}.",
        "{Our} fell {percent} from {before}.",
        "That is {change} {fewer} {than}.",
        "{It_was} {before} {at}.",
    ),
    "points_up": ("{It_was} {before} {at}.", "That is {points} percentage points more {than}."),
    "points_down": ("{It_was} {before} {at}.", "That is {points} percentage points less {than}."),
    "went": ("{It_was} {before} {at}.",),
    "revenue": (
        "A year at that pace makes {year}.",
        "At an annual rate, that is {year}.",
        "Carried on for a year, that makes {year}.",
    ),
    "conversions": ("Behind it are {visits} {visits_label}, of which {rate} convert.",),
    "per_customer": ("That is across {customers} customers.",),
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
    "span_up": ("{our} rose from {first} to {now}", "{label} up from {first} to {now}"),
    "span_down": ("{our} fell from {first} to {now}", "{label} down from {first} to {now}"),
    "went": ("{our} went from {before} to {now}", "{label} from {before} to {now}"),
    "same": ("{our} held at {now}", "{label} steady at {now}"),
    "growth": ("{our} {is_} {now}", "a {label} of {now}"),
    "shrinking": ("{our} {is_} {now}", "a {label} of {now}"),
    "compound": ("{label} is {now}", "{label} of {now}"),
    "revenue": ("{our} {stands} at {now}", "{now} in {label}"),
    "conversions": ("{visits} visits make {now} conversions a month", "{now} conversions a month"),
    "per_customer": ("{our} {is_} {now}", "{now} in {label}"),
    "margin": ("{our} {is_} {now}", "a {label} of {now}"),
    "surplus": ("{now} of monthly revenue remains after costs", "{now} left after costs"),
    "lifetime_ratio": (
        "a customer's lifetime value is {now} the cost of winning them",
        "a lifetime value of {now} the cost of winning a customer",
    ),
    "payback": (
        "it takes {now} of revenue to earn back the cost of winning a customer",
        "{now} to earn back the cost of winning a customer",
    ),
    "per_visit": ("each visit is worth {now} in revenue", "{now} of revenue for each visit"),
    "share": ("{part} makes up {now} of our {whole}", "{now} of {whole} from {part}"),
    "level": ("{our} {stands} at {now}", "{label} at {now}"),
    "level_usd": ("{our} {stands} at {now}", "{now} in {label}"),
    "level_percent": ("{our} {stands} at {now}", "a {label} of {now}"),
    "count": ("we count {now} {label}", "{now} {label}"),
    "customers": ("we serve {now} customers", "{now} customers"),
}
# The point with its number in front, for first lines.
FIGURES: Mapping[str, str] = {
    "growth": "{now} {growth}",
    "shrinking": "{label} at {now}",
    "usd": "{now} in {label}",
    "percent": "{label} at {now}",
    "plain": "{label} at {now}",
    "count": "{now} {label}",
    "customers": "{now} customers",
}
# One metric of two that moved, in a first line.
MOVES: Mapping[str, str] = {
    "up": "{label} up {percent}",
    "down": "{label} down {percent}",
    "points_up": "{label} up {points} percentage points",
    "points_down": "{label} down {points} percentage points",
}

# The same as a clause of its own.
MOVES_SAID: Mapping[str, str] = {
    "up": "{our} grew {percent}",
    "down": "{our} fell {percent}",
    "points_up": "{our} rose {points} percentage points",
    "points_down": "{our} fell {points} percentage points",
}

# The same story where no number may be used.
WORDLESS: Mapping[str, tuple[str, ...]] = {
    "customers_up": (
        "More customers work with us now than {at}.",
        "We have more customers now than {at}.",
    ),
    "traffic_up": ("More people find their way to us now than {at}.",),
    "up": ("{Our} {is_now} higher than {at}.", "{Our} went up."),
    "down": ("{Our} {is_now} lower than {at}.", "{Our} went down."),
    "points_up": ("{Our} {is_now} higher than {at}.",),
    "points_down": ("{Our} {is_now} lower than {at}.",),
    "span_up": ("{Our} went up.",),
    "span_down": ("{Our} went down.",),
    "went": ("{Our} {is_now} not where it was before.",),
    "same": ("{Our} held steady.",),
    "growth": ("We grew.",),
    "shrinking": ("We did not grow.",),
    "share": ("Not every part weighs the same: {part} makes up the largest one.",),
}
WORDLESS_TITLES: Mapping[str, str] = {
    "up": "growth in {label}",
    "down": "a decline in {label}",
    "points_up": "a higher {label}",
    "points_down": "a lower {label}",
    "span_up": "a higher {label}",
    "span_down": "a lower {label}",
    "same": "a steady {label}",
    "growth": "our growth",
    "level": "a closer look at {our}",
}

# What a list of values over time says step by step.
STEPS: Mapping[str, tuple[str, ...]] = {
    "every_down": (
        "No lucky shot, but step by step: first {steps}.",
        "It came down every time, to {steps}.",
        "Every value is lower than the one before: {steps}.",
    ),
    "every_up": (
        "It went up every time: {steps}.",
        "Every value is higher than the one before: {steps}.",
    ),
    "mixed": ("It was no straight line: {steps}.", "The way there: {steps}."),
    "last_down": ("The latest step alone: down {size}.",),
    "last_up": ("The latest step alone: up {size}.",),
    "whole_down": ("All in all, it is down {whole}{span}.",),
    "whole_up": ("All in all, it is up {whole}{span}.",),
}
POINTS = "{points} percentage points"
AND = " and "

# What two metrics say together; each holds by arithmetic alone.
RELATIONS: Mapping[str, tuple[str, ...]] = {
    "revenue_customers_more": (
        "Revenue grew faster than the number of customers, so each customer now brings in more on "
        "average.",
    ),
    "revenue_customers_less": (
        "The number of customers grew faster than revenue, so each customer now brings in less on "
        "average.",
    ),
    "revenue_traffic_more": (
        "Revenue grew faster than visits, so each visit now brings in more on average.",
    ),
    "revenue_traffic_less": (
        "Visits grew faster than revenue, so each visit now brings in less on average.",
    ),
    "customers_traffic_more": ("The number of customers grew faster than visits.",),
    "revenue_costs_more": (
        "Revenue grew faster than costs, so more of each dollar earned remains.",
    ),
    "revenue_costs_less": (
        "Costs grew faster than revenue, so less of each dollar earned remains.",
    ),
    "both_up": (
        "Both went up, {a} faster than {b}.",
        "Two metrics, one direction, and {a} set the pace.",
    ),
    "good_and_bad": (
        "{A} went the right way, {b} did not.",
        "The good news: {a}. The less good news: {b}.",
    ),
}
