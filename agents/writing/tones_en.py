"""How each tone frames an English text: first lines, transitions, calls to action, greetings."""

from collections.abc import Mapping

# {S} is a sentence without its end, {s} the same inside another, {NP} and {np} a noun phrase;
# {when} is " in Q4 2024", {When} "In Q4 2024"; a frame with {When} needs a period.
HOOKS: Mapping[str, tuple[str, ...]] = {
    "professional": (
        "{S}{when}.",
        "{When}, {s}.",
        "{NP}{when}: here is what stands behind it.",
        "Our headline figure{when}: {np}.",
    ),
    "formal": ("We report {np}{when}.", "{When}, {s}.", "{S}{when}."),
    "authoritative": (
        "{NP}{when}. Here is the evidence.",
        "The figure that matters{when}: {np}.",
        "{S}{when}.",
    ),
    "informative": (
        "{S}{when}. The figures at a glance.",
        "The key figure{when}: {np}.",
        "{When}, {s}. Here is the breakdown.",
    ),
    "neutral": ("{S}{when}.", "{When}, {s}.", "{NP}{when}."),
    "confident": (
        "{NP}{when}. That is the number we lead with.",
        "{S}{when}. Check it against the figures below.",
        "We put our number on the table: {np}{when}.",
    ),
    "urgent": (
        "The numbers are in: {np}{when}.",
        "Read this figure first: {np}{when}.",
        "One number before anything else: {np}{when}.",
    ),
    "inspirational": (
        "Progress is made of steps that can be counted. Ours{when}: {np}.",
        "A number worth pausing for: {np}{when}.",
        "Let a number do the talking: {np}{when}.",
    ),
    "empathetic": (
        "Behind every figure are people. Ours{when}: {np}.",
        "We know how much depends on figures like this: {np}{when}.",
        "For everyone who follows our work: {np}{when}.",
    ),
    "friendly": (
        "We have a number to share with you: {np}{when}.",
        "Hello everyone! Here is how we are doing: {np}{when}.",
        "A quick look at our numbers with you: {np}{when}.",
    ),
    "conversational": (
        "Let us talk about a number: {np}{when}.",
        "You may be wondering how we are doing. Here it is: {np}{when}.",
        "So how did it go? {S}{when}.",
    ),
    "casual": (
        "So, {s}{when}.",
        "Quick numbers check: {np}{when}.",
        "Number of the day: {np}{when}.",
    ),
    "witty": (
        "We asked our dashboard for a headline. It said: {np}{when}.",
        "Our spreadsheet has a new favourite cell: {np}{when}.",
        "No drum roll, just a number: {np}{when}.",
    ),
    "enthusiastic": (
        "{S}{when}!",
        "What a number: {np}{when}!",
        "This one deserves an exclamation mark: {np}{when}!",
    ),
}
HOOKS_OF_MILESTONES: Mapping[str, tuple[str, ...]] = {
    # {np} is the level that was reached
    "sober": ("A milestone for us: {np}{when}.", "{NP}{when}: a milestone for us."),
    "stiff": ("We have reached a milestone: {np}{when}.",),
    "bold": ("Milestone reached: {np}{when}.",),
    "warm": ("A milestone that we would like to share: {np}{when}.",),
    "light": ("Milestone unlocked: {np}{when}!", "Here it is, our milestone: {np}{when}!"),
}
HOOKS_OF_BAD_NEWS: Mapping[str, tuple[str, ...]] = {
    "sober": ("{S}{when}.", "{When}, {s}.", "{NP}{when}: the figures in context."),
    "stiff": ("{S}{when}.", "We report {np}{when}."),
    "bold": ("{S}{when}. Here is the full picture.", "{NP}{when}. No detours."),
    "warm": (
        "An honest look at our numbers: {np}{when}.",
        "We would like to be open with you: {s}{when}.",
    ),
    "light": ("No spin here: {np}{when}.", "Straight from the dashboard: {np}{when}."),
}
BRIDGES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "facts": {
        "sober": ("", "The wider picture:", "The figures alongside it:"),
        "stiff": ("", "In detail:"),
        "bold": ("The facts:", "What stands behind it:"),
        "warm": ("A little more detail:", "Here is the fuller picture:"),
        "light": ("What else is on the board:", "The rest of the numbers:"),
    },
    "arithmetic": {
        "sober": ("How the figures connect:", "The arithmetic behind it:", "Put in relation:"),
        "stiff": ("The figures relate as follows:", ""),
        "bold": ("Do the maths:", "The arithmetic is clear:"),
        "warm": ("How does it add up?", "Here is how it adds up:"),
        "light": ("Quick maths:", "Now for the fun part, the maths:"),
    },
}
CALLS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "general": {
        "professional": (
            "Which of these figures would you look at first? Share your view in the comments.",
            "How do you measure progress in your business? We look forward to your perspective.",
            "Which metric tells you most about your business? Let us know in the comments.",
        ),
        "formal": (
            "We welcome your questions and comments.",
            "Please contact us should you require further information.",
        ),
        "authoritative": (
            "Compare these figures with your own, and tell us where you stand.",
            "Follow us for the next set of figures.",
        ),
        "informative": (
            "Follow us for the figures of the next period.",
            "Which figure should we explain in more detail? Ask in the comments.",
        ),
        "neutral": (
            "Questions about these figures can be asked in the comments.",
            "Follow this page for the next figures.",
        ),
        "confident": (
            "Want to know how we work? Get in touch.",
            "Put your own number next to ours in the comments.",
        ),
        "urgent": (
            "Have a question about these figures? Ask it today.",
            "Take a minute now: which of these figures matters most to you?",
        ),
        "inspirational": (
            "What is the number that keeps you going? Share it below.",
            "Which step are you proud of? Tell us in the comments.",
        ),
        "empathetic": (
            "How are things on your side? We would like to hear from you.",
            "If one of these figures matters to you, tell us why in the comments.",
        ),
        "friendly": (
            "What do you think? We would love to hear from you in the comments!",
            "Which number surprises you most? Drop us a line below!",
        ),
        "conversational": (
            "What would you look at first? Tell us in the comments.",
            "How does that compare with what you see? Let us talk.",
        ),
        "casual": (
            "What do you make of it? Comments are open.",
            "Got a number of your own to share? Go for it below.",
        ),
        "witty": (
            "What does your dashboard have to say? Let it speak in the comments.",
            "Spotted a better-looking cell in your spreadsheet? Show us.",
        ),
        "enthusiastic": (
            "Which number is your favourite? Tell us in the comments.",
            "Want to be part of what comes next? Get in touch.",
        ),
    },
    "customers": {
        "sober": ("Which of these figures matters most to you as a customer? Let us know.",),
        "stiff": ("We thank our customers for their trust and welcome their questions.",),
        "bold": ("You are a customer? Tell us what we should measure next.",),
        "warm": ("Thank you for being with us. What would you like to see next?",),
        "light": ("You are part of these numbers. What should we look at next?",),
    },
    "investors": {
        "sober": ("We are glad to go through these figures with you. Get in touch.",),
        "stiff": ("We are available to discuss these figures with you.",),
        "bold": ("Ask us about any of these figures. We will go through them with you.",),
        "warm": ("If you would like to go through the figures together, get in touch.",),
        "light": ("Want to dig into the numbers with us? Get in touch.",),
    },
    "team": {
        "sober": ("Which of these figures can your team influence? Bring it to our next meeting.",),
        "stiff": ("Please raise any questions in the next team meeting.",),
        "bold": ("Pick the figure you can move, and tell your team.",),
        "warm": ("Thank you for your part in this. Which figure should we talk about next?",),
        "light": ("Which number do you want to talk about next? You know where to find us.",),
    },
    "email": {
        "sober": ("Reply to this e-mail if you would like to discuss any of these figures.",),
        "stiff": ("Please reply to this e-mail should you have any questions.",),
        "bold": ("Reply to this e-mail with the figure you want to know more about.",),
        "warm": ("Just reply to this e-mail if you have a question. We are happy to answer.",),
        "light": ("Hit reply and tell us which number caught your eye.",),
    },
    "topic": {
        "sober": (
            "Would you like to know more? Get in touch with us.",
            "What is your view? We look forward to your comments.",
        ),
        "stiff": ("Please contact us for further information.",),
        "bold": ("Get in touch to find out more.", "Want to know more? Ask us."),
        "warm": (
            "Questions or thoughts? We would love to hear from you.",
            "Tell us what you think in the comments.",
        ),
        "light": ("Questions? Fire away in the comments.", "Curious? Ask us anything below."),
    },
    "topic_email": {
        "sober": ("Reply to this e-mail if you would like to know more.",),
        "stiff": ("Please reply to this e-mail for further information.",),
        "bold": ("Reply to this e-mail to find out more.",),
        "warm": ("Just reply to this e-mail if you have a question.",),
        "light": ("Curious? Just hit reply.",),
    },
}
SHORT_CALLS = {
    "sober": "What is your view?",
    "stiff": "Please contact us.",
    "bold": "Get in touch.",
    "warm": "What do you think?",
    "light": "Thoughts?",
}
GREETINGS: Mapping[str, tuple[str, str]] = {
    # with an audience, without one
    "sober": ("Dear {audience},", "Hello,"),
    "stiff": ("Dear {audience},", "Dear Sir or Madam,"),
    "bold": ("Dear {audience},", "Hello,"),
    "warm": ("Hello {audience},", "Hello everyone,"),
    "light": ("Hi {audience},", "Hi there,"),
}
OPENINGS: Mapping[str, tuple[str, ...]] = {
    # of an e-mail about figures
    "sober": (
        "here are our figures{when} in brief.",
        "this is a short summary of our figures{when}.",
    ),
    "stiff": ("please find below a summary of our figures{when}.",),
    "bold": ("these are our figures{when}, without detours.",),
    "warm": ("we would like to share with you how we are doing{when}.",),
    "light": ("time for a quick look at our numbers{when}.",),
}
SIGN_OFFS = {
    "sober": "Best regards,\nThe team",
    "stiff": "Yours faithfully,\nThe team",
    "bold": "Best regards,\nThe team",
    "warm": "Warm regards,\nThe team",
    "light": "Cheers,\nThe team",
}
NEWS: Mapping[str, tuple[str, ...]] = {
    # {topic} is what it is about, in the user's words; {Topic} at the beginning
    "professional": (
        "An update from us: {topic}.",
        "News from us: {topic}.",
    ),
    "formal": ("We would like to inform you about {topic}.", "We are pleased to present: {topic}."),
    "authoritative": ("Today on our agenda: {topic}.", "Our position: {topic}."),
    "informative": ("Some information on {topic}.", "Good to know: {topic}."),
    "neutral": ("An update on {topic}.", "Regarding {topic}."),
    "confident": ("{Topic}. We mean it.", "Make a note of this: {topic}."),
    "urgent": ("Please read this first: {topic}.", "An important update on {topic}."),
    "inspirational": ("A step worth sharing: {topic}.", "One more step on our way: {topic}."),
    "empathetic": (
        "For you, first-hand: {topic}.",
        "With you in mind: {topic}.",
    ),
    "friendly": (
        "We have news to share with you: {topic}!",
        "Hello everyone! Today it is all about {topic}.",
    ),
    "conversational": ("Let us talk about {topic}.", "Have you heard? It is about {topic}."),
    "casual": ("Quick news from us: {topic}.", "Quick update from us: {topic}."),
    "witty": ("No drum roll, just news: {topic}.", "Plot twist from our side: {topic}."),
    "enthusiastic": ("Here comes our news: {topic}!", "Here it comes: {topic}!"),
}
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
