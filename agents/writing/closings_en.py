"""How an English text ends: what its figures mean to readers, and what it asks them to do."""

from collections.abc import Mapping

Families = Mapping[str, tuple[str, ...]]

# What follows for people from a metric that moved, true by what the metric is.
MEANINGS: Mapping[str, Families] = {
    "customers_up": {
        "sober": ("Thank you to everyone who chose us.", "To all who are new: welcome."),
        "stiff": (
            "We thank our customers for their trust.",
            "Each of them has decided to work with us.",
        ),
        "bold": (
            "Each of them chose us, and we do not take that for granted.",
            "We want every one of them to stay.",
        ),
        "warm": (
            "Thank you to everyone who came along.",
            "Every one of them is a reason to get better.",
        ),
        "light": (
            "To everyone who joined: hello, good to have you here.",
            "To everyone who has been here for longer: you were right.",
        ),
    },
    "customers_down": {
        "sober": ("Each customer who left had a reason, and we want to know it.",),
        "stiff": ("We owe our remaining customers our full attention.",),
        "bold": ("Each customer who leaves is one too many.",),
        "warm": ("To those who stayed: thank you. To those who left: we are listening.",),
        "light": ("If you left us: tell us why, we can take it.",),
    },
    "churn_down": {
        "sober": ("It means that more of the customers we win stay with us.",),
        "stiff": ("A larger part of our customers remains with us.",),
        "bold": ("Fewer customers leave. That is what counts.",),
        "warm": ("Behind it are people who decided to stay. Thank you.",),
        "light": ("In plain words: fewer goodbyes.", "Less churn, more familiar faces."),
    },
    "churn_up": {
        "sober": ("It means that more of our customers leave than before.",),
        "stiff": ("A larger part of our customers leaves than before.",),
        "bold": ("More customers leave than before. We take that seriously.",),
        "warm": ("Behind it are people who decided to go, and we want to understand why.",),
        "light": ("In plain words: more goodbyes than we like.",),
    },
    "cost_down": {
        "sober": ("What we save there can go elsewhere.",),
        "stiff": ("The amount saved is available for other purposes.",),
        "bold": ("Less spent, and every dollar of it counts.",),
        "warm": ("Every dollar saved there is one that we can use better.",),
        "light": ("Our wallet says thank you.",),
    },
    "users_up": {
        "sober": ("Behind the number are people who gave us a try.",),
        "stiff": ("We thank all of them for their interest.",),
        "bold": ("People gave us a try. Now it is on us.",),
        "warm": ("Each of them gave us a try, and we want to be worth it.",),
        "light": ("To all the new faces: hello!",),
    },
    "traffic_up": {
        "sober": ("More people had a look at what we do.", "To all who came by: thank you."),
        "stiff": ("Interest in what we offer is higher than before.",),
        "bold": ("More people are looking. Now we have to convince them.",),
        "warm": ("It is good to see more of you stop by.",),
        "light": ("It is getting busy in here, and we like it.",),
    },
    "traffic_down": {
        "sober": ("Fewer people found their way to us, and we want to know why.",),
        "stiff": ("We want to win that attention back.",),
        "bold": ("Fewer people came by. Now we have to earn their attention again.",),
        "warm": ("Fewer of you stopped by, and we would like to know what you missed.",),
        "light": ("It got a bit quieter in here.",),
    },
    "decline": {
        "sober": ("We are not satisfied with that.",),
        "stiff": ("This does not meet our own expectations.",),
        "bold": ("We are not satisfied, and we say so.",),
        "warm": ("A step back is still a step we can learn from.",),
        "light": ("On to the next one.",),
    },
    "conversions": {
        "sober": (
            "Two things move that number: how many people visit, and how many of them say yes.",
            "It takes both, people who visit and reasons for them to stay.",
        ),
        "stiff": ("Both visits and the conversion rate determine this number.",),
        "bold": ("Two levers move that number: traffic and conversion rate.",),
        "warm": ("It takes both: people who find their way to us, and reasons to stay.",),
        "light": ("Two knobs to turn: more visits, or more of them saying yes.",),
    },
    "steady": {
        "sober": ("No change, then. Sometimes that is the news.",),
        "stiff": ("There is no change compared with before.",),
        "bold": ("Steady. We can live with that.",),
        "warm": ("Steady can be a good place to take the next step from.",),
        "light": ("No drama this time.",),
    },
    "milestone": {
        "sober": ("Thank you to everyone who has been part of it.",),
        "stiff": ("We thank everyone who contributed to it.",),
        "bold": ("It took all of you. Thank you.",),
        "warm": ("Thank you to everyone who walked these steps with us.",),
        "light": ("A big thank you to everyone who got us here.",),
    },
}
# Where growth was asked for and the figures show a decline.
NO_GROWTH: Families = {
    "sober": ("That is no growth, and we are not going to call it that.",),
    "stiff": ("The figures show no growth.",),
    "bold": ("This is not growth. We put it on the table all the same.",),
    "warm": ("Growth would have been the easier story to tell.",),
    "light": ("Growth would have made the better headline. These are the real numbers.",),
}
# What readers are asked about a subject; formal texts ask nothing.
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "revenue": (
        "What has moved revenue most for you lately?",
        "Which decision did most for your revenue this year?",
        "What would you do first to lift revenue from here?",
        "Which customers do most for your revenue?",
    ),
    "customers": (
        "What makes customers choose you?",
        "How did your newest customers find you?",
        "What do your customers value most about you?",
    ),
    "traffic": (
        "What brings people to your site?",
        "Which channel brings you the visitors that stay?",
    ),
    "conversion": (
        "What makes visitors say yes on your site?",
        "Which change did most for your conversion rate?",
    ),
    "churn": ("What keeps your customers with you?", "What made your customers stay?"),
    "users": ("What made people try what you offer?", "How do you turn a first try into a habit?"),
    "costs": (
        "Where did you save without missing anything?",
        "Which cost would you look at first?",
    ),
    "satisfaction": (
        "What do your customers tell you that no score can?",
        "What would your customers say about you?",
    ),
    "team": ("What do you look for when your team grows?",),
    "growth": (
        "Where does growth come from in your business?",
        "What did growth look like for you?",
        "What did you do differently when your business began to grow?",
    ),
    "bad": (
        "What has helped you turn such a number around?",
        "What would you try first in our place?",
        "What did you learn from a number like this?",
    ),
    "general": (
        "How does that compare with what you see?",
        "What would you do next in our place?",
        "What is the number that tells you most about your business?",
    ),
    "topic": ("What would you like to know about it?", "What is your first question?"),
    "question_topic": ("What is your take on it?", "What would you answer?"),
    "named_topic": ("What would you like to know about {topic}?",),
}
INVITES: Mapping[str, tuple[str, ...]] = {
    "professional": (
        "Share your view in the comments.",
        "We look forward to your thoughts in the comments.",
    ),
    "formal": (
        "We welcome your questions and comments.",
        "Please contact us should you require further information.",
    ),
    "authoritative": ("Tell us where you stand.", "Put your answer in the comments."),
    "informative": (
        "Ask or answer in the comments.",
        "Your questions are welcome in the comments.",
    ),
    "neutral": ("Comments are welcome.", "Let us know in the comments."),
    "confident": ("Here is your turn: the comments are open.", "Get in touch."),
    "urgent": ("Tell us today.", "Let us know now, in the comments."),
    "inspirational": (
        "Share your story below, it may help somebody start.",
        "Tell us about your next step below.",
    ),
    "empathetic": (
        "Tell us, we read every answer.",
        "Let us know how things are on your side, we read every answer.",
    ),
    "friendly": (
        "We would love to hear from you in the comments!",
        "Drop us a line below, we would love to know!",
    ),
    "conversational": ("Tell us in the comments.", "Let us talk about it below."),
    "casual": ("Comments are open, and we are curious.", "Just tell us below."),
    "witty": ("Best answer gets our applause.", "We are all ears (and a few spreadsheets)."),
    "enthusiastic": ("We cannot wait to read it below!", "Tell us below, we would love to know!"),
}
# Where the request names the readers, or the text is a letter.
CALLS: Mapping[str, Families] = {
    "customers": {
        "sober": ("What should we work on next for you? Let us know.",),
        "stiff": ("We thank our customers for their trust and welcome their questions.",),
        "bold": ("You are a customer? Here is your turn: tell us what to do better.",),
        "warm": ("Thank you for being with us. What would you like to see next?",),
        "light": ("You are part of this. What should we do next for you?",),
    },
    "investors": {
        "sober": ("If you have questions, get in touch and we will go through them with you.",),
        "stiff": ("We are available to answer your questions.",),
        "bold": ("Ask us about any of these figures. We are ready to answer.",),
        "warm": ("If you would like to talk it through together, get in touch.",),
        "light": ("Want to dig deeper with us? Get in touch.",),
    },
    "team": {
        "sober": ("What should we take on next as a team? Bring it to our next meeting.",),
        "stiff": ("Please raise any questions in the next team meeting.",),
        "bold": ("What do we take on next? Tell your team.",),
        "warm": ("Thank you for your part in this. What should we take on next, together?",),
        "light": ("What should we take on next? You know where to find us.",),
    },
    "email": {
        "sober": (
            "Reply to this e-mail if you would like to know more.",
            "If you have a question, a short reply to this e-mail is enough.",
        ),
        "stiff": ("Please reply to this e-mail should you have any questions.",),
        "bold": ("Questions? Reply to this e-mail. Here is where we answer them.",),
        "warm": ("Just reply to this e-mail if you have a question. We are happy to help.",),
        "light": ("Curious? Just hit reply.", "So, any questions? Just hit reply."),
    },
}
# Where the text thanks or congratulates somebody.
MESSAGES = ("Leave them a message in the comments.", "Join in with a comment for them.")
SHORT_CALLS = {
    "sober": "What is your view?",
    "stiff": "Please contact us.",
    "bold": "Get in touch.",
    "warm": "What do you think?",
    "light": "Thoughts?",
}
