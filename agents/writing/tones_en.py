"""How each tone frames an English text: first lines, calls to action, greetings, remarks."""

from collections.abc import Mapping

Families = Mapping[str, tuple[str, ...]]

# {S} is a sentence without its end, {s} the same inside another, {NP} and {np} a noun phrase,
# {Figure} and {figure} one that begins with its number; {when} is " in Q4 2024", {When}
# "In Q4 2024"; a frame is left out where there is nothing for one of its placeholders.
HOOKS: Mapping[str, Families] = {
    "up": {
        "sober": (
            "{Figure}{when}. That is {change} more {than}.",
            "{NP}{when}.",
            "{When}, {s}.",
        ),
        "stiff": ("{S}{when}.", "{When}, {s}."),
        "bold": (
            "Up {percent}{when}: {our} now {stands_now} at {now}.",
            "{Figure}{when}, up {percent}. The direction is clear.",
        ),
        "warm": (
            "{Change} more {than}: {our} {stands} at {now}{when}.",
            "One step after another: {figure}{when}, up {percent}.",
        ),
        "light": (
            "{Figure}{when}. That is {percent} up, and we are smiling.",
            "Going up: {np}{when}.",
            "{Figure}{when}? Yes, and that is {change} more {than}.",
        ),
    },
    "bad": {
        "sober": (
            "{S}{when}. We would rather say it than hide it.",
            "{S}{when}. That is not the direction we want.",
        ),
        "stiff": ("{S}{when}. We report it as openly as good news.", "{When}, {s}."),
        "bold": (
            "{S}{when}. We are not going to hide it.",
            "{NP}{when}. This is how it is.",
        ),
        "warm": (
            "We want to be honest with you: {s}{when}.",
            "Not every step leads upwards, and we say so openly: {s}{when}.",
        ),
        "light": (
            "Some numbers go our way. This one did not: {np}{when}.",
            "No spin here: {s}{when}.",
        ),
    },
    "good_down": {
        "sober": ("{NP}{when}, and here less is better.", "Lower is better here: {np}{when}."),
        "stiff": ("{S}{when}.", "{When}, {s}."),
        "bold": ("{NP}{when}. This is the right direction.",),
        "warm": ("Here is a number that we like to see shrink: {np}{when}.",),
        "light": (
            "A number you want to see shrink: {np}{when}.",
            "Down, and that is the good news: {np}{when}.",
        ),
    },
    "span": {
        "sober": ("{S}{span}.", "From {first} to {now}{span}: here is how {our} {moved}."),
        "stiff": ("{S}{span}.",),
        "bold": ("From {first} to {now}{span}. This is {our}.",),
        "warm": (
            "It started at {first}. Now {our} is at {now}. How did it get there?",
            "Remember {first}? That is where {our} started. Now it is {now}.",
        ),
        "light": (
            "From {first} to {now}? That is what {our} did{span}.",
            "It was {first}. It is {now}. Here is how {our} {moved}.",
        ),
    },
    "growth": {
        "sober": (
            "{Figure}{when}. Here is what is behind the number.",
            "What does {figure} look like{when}? Here are the numbers behind it.",
        ),
        "stiff": ("{S}{when}.", "{When}, {s}."),
        "bold": (
            "{Figure}{when}. Here is where it leaves us.",
            "{Figure}{when}. We have the numbers behind it.",
        ),
        "warm": (
            "{Figure}{when}, one step at a time.",
            "We have grown{when}, step by step: {figure}.",
        ),
        "light": (
            "{Figure}{when}. Want to see what is behind it?",
            "{Figure}{when}? Yes, you read that right.",
        ),
    },
    "level": {
        "sober": ("{Figure}{when}: this is where we stand.", "Where do we stand? {Figure}{when}."),
        "stiff": ("{S}{when}.", "{When}, {s}."),
        "bold": ("{Figure}{when}. This is the number to beat.",),
        "warm": ("Here is where our journey has taken us: {figure}{when}.",),
        "light": ("Fresh from the dashboard: {figure}{when}.", "{Figure}{when}. Not bad, right?"),
    },
    "milestone": {
        "sober": ("{Figure}{when}: a milestone for us.", "A milestone for us: {figure}{when}."),
        "stiff": ("We have reached a milestone: {figure}{when}.",),
        "bold": ("Milestone reached: {figure}{when}.",),
        "warm": ("{Figure}{when}. A milestone, and every step there was worth it.",),
        "light": ("Milestone unlocked: {figure}{when}!", "{Figure}{when}! That is a milestone."),
    },
    "wordless": {
        "sober": ("{S}.",),
        "stiff": ("{S}.",),
        "bold": ("{S}. The direction is clear.",),
        "warm": ("{S}. One step at a time.",),
        "light": ("{S}. How about that?",),
    },
    "wordless_topic": {
        "sober": ("What do we look at most closely? Right now, it is {our}.",),
        "stiff": ("This is {short}.",),
        "bold": ("This is what we watch: {our}.",),
        "warm": ("Every step counts, and so {does} {our}.",),
        "light": ("What is on our dashboard right now? You guessed it: {our}.",),
    },
    # two metrics at once: {pair} is "sign-ups up 50%, monthly revenue up 20%"
    "pair_good": {
        "sober": ("{Pair}{when}.", "{When}: {pair}."),
        "stiff": ("{When}: {pair}.", "{Pair}{when}."),
        "bold": ("{Pair}. This is {our_when}.", "{Pair}{when}. The direction is clear."),
        "warm": ("{Pair}{when}. Thank you to everyone who took these steps with us.",),
        "light": ("{Pair}{when}. That is how we like it!", "Two for two{when}: {pair}."),
    },
    "pair_bad": {
        "sober": ("{Pair}{when}. We would rather say it than hide it.",),
        "stiff": ("{When}: {pair}.", "{Pair}{when}."),
        "bold": ("{Pair}{when}. We are not going to hide it.",),
        "warm": ("We want to be honest with you{when}: {pair}.",),
        "light": ("No spin here: {pair}{when}.",),
    },
    "pair_mixed": {
        "sober": ("{Pair}{when}. Both belong in the picture.", "{When}: {pair}."),
        "stiff": ("{When}: {pair}.", "{Pair}{when}."),
        "bold": ("{Pair}{when}. This is the whole picture.",),
        "warm": ("Some steps lead forward, some back, and we tell you both: {pair}{when}.",),
        "light": ("One to celebrate, one to work on{when}: {pair}.",),
    },
    "pair_levels": {  # {pair} is "$150,000 in monthly revenue and 320 customers"
        "sober": ("{Pair}: that was {our_when}.", "{Pair}. What does that tell us?"),
        "stiff": ("{Pair}: these are our figures{when}.",),
        "bold": ("{Pair}{when}. These are the numbers to beat.",),
        "warm": ("{Pair}{when}: every one of them counts.",),
        "light": ("{Pair}. Not bad for {our_when}, right?", "Fresh from the dashboard: {pair}."),
    },
}
GREETINGS: Mapping[str, tuple[str, str]] = {
    # with an audience, without one
    "sober": ("Dear {audience},", "Hello,"),
    "stiff": ("Dear {audience},", "Dear Sir or Madam,"),
    "bold": ("Dear {audience},", "Hello,"),
    "warm": ("Hello {audience},", "Hello everyone,"),
    "light": ("Hi {audience},", "Hi there,"),
}
SIGN_OFFS = {
    "sober": "Kind regards,\nThe team",
    "stiff": "Yours faithfully,\nThe team",
    "bold": "Kind regards,\nThe team",
    "warm": "Warm regards,\nThe team",
    "light": "Cheers,\nThe team",
}
NEWS: Families = {
    # {topic} is what it is about, in the user's words; {Topic} at the beginning
    "sober": ("What is new with us? {Topic}.", "News from our side: {topic}."),
    "stiff": ("{Topic}: what is new.", "Our subject today: {topic}."),
    "bold": ("{Topic}. This is what is new.", "New from us: {topic}."),
    "warm": ("Let us tell you what is new: {topic}.", "One more step for us: {topic}."),
    "light": ("Guess what is new? {Topic}!", "Have you heard? {Topic}!"),
}
# Of a question: "how the last quarter went", "why customers stay".
NEWS_OF_QUESTIONS = ("Let us talk about {topic}.", "It is time to talk about {topic}.")
NEWS_OF_EVENTS = ("Save the date: {topic}.", "Mark your calendar: {topic}.")
NEWS_OF_PLACES: Families = {
    # {head} is "office", {a_new} "a new office"
    "sober": (
        "New on our map: {place}. We have {a_new} there.",
        "Where is our new {head}? In {place}.",
    ),
    "stiff": ("We have {a_new} in {place}.",),
    "bold": ("{place}: this is where we have {a_new}.",),
    "warm": (
        "{place}, good to know you: we have {a_new} in town.",
        "Our next step leads to {place}: we have {a_new} there.",
    ),
    "light": ("Hello, {place}! Meet our new {head}.", "Guess where our new {head} is? In {place}!"),
}
NEWS_OF_THINGS: Families = {
    "sober": (
        "What is new with us? We have {a_new}.",
        "We have {a_new}: here is what it is about.",
    ),
    "stiff": ("We have {a_new}.",),
    "bold": ("We have {a_new}. This is it.", "New from us: {a_new}."),
    "warm": ("We took the next step for you: we have {a_new}.",),
    "light": ("Guess what we have now? {A_new}!", "Say hello to our new {head}!"),
}
# What a piece of news is for, where its subject says so by itself; {place} may be needed.
NEWS_REMARKS: Mapping[str, tuple[str, ...]] = {
    "jobs": (
        "Looking for your next role? {place} is now one of the places where you can work with us.",
        "So {place} is now one of the places where you can work with us.",
    ),
    "support": (
        "When you need help, there are now people in {place} to turn to.",
        "So the next time you need help, somebody in {place} may well be the one who answers.",
    ),
    "office": ("So {place} is now a place where you can find us.",),
    "weekend": (
        "So when something comes up on a Saturday, you can reach us that same day.",
        "So a question that comes up on a Saturday no longer has to wait.",
    ),
    "event": ("We would be glad to see you there.",),
    "partnership": ("We look forward to what we will do together.",),
    "hire": ("Please join us in a warm welcome.",),
}
NEWS_FOR = ("This one is for {audience}.",)
BACKGROUND = ("It is about {topic}.",)
AFTER = ("That is {after}.", "It comes {after}.")
EMOJIS = {
    "growth": "📈",
    "milestone": "🎉",
    "efficiency": "📉",
    "level": "📊",
    "none": "📣",
    "steady": "📊",
    "change": "📊",
    "mixed": "",
    "decline": "",
}
