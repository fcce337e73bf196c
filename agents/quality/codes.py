"""The codes of quality issues: what an evaluator finds and a refinement acts on."""

from collections.abc import Mapping

# accuracy
UNGROUNDED_NUMBER = "ungrounded_number"
WRONG_DIRECTION = "wrong_direction"
WRONG_METRIC = "wrong_metric"
WRONG_PERIOD = "wrong_period"
UNSUPPORTED_CHANGE = "unsupported_change"
UNCLEAR_METRIC = "unclear_metric"
UNVERIFIED_NUMBER = "unverified_number"
# completeness
EMPTY = "empty"
MISSING_METRIC = "missing_metric"
MISSING_REQUIREMENT = "missing_requirement"
MISSING_PHRASE = "missing_phrase"
MISSING_PERIOD = "missing_period"
MISSING_NOTE = "missing_note"
# specificity
GENERIC_SENTENCE = "generic_sentence"
THIN = "thin"
# constraints
FORBIDDEN_PHRASE = "forbidden_phrase"
FORBIDDEN_NUMBER = "forbidden_number"
FORBIDDEN_HASHTAG = "forbidden_hashtag"
FORBIDDEN_EMOJI = "forbidden_emoji"
# tone
TONE_MISMATCH = "tone_mismatch"
TOO_MANY_EXCLAMATIONS = "too_many_exclamations"
HYPE = "hype"
SHOUTING = "shouting"
WRONG_ADDRESS = "wrong_address"
WRONG_LANGUAGE = "wrong_language"
# format
MARKDOWN_LEAK = "markdown_leak"
PLACEHOLDER = "placeholder"
BROKEN_LINK = "broken_link"
TOO_MANY_HASHTAGS = "too_many_hashtags"
NO_HASHTAGS = "no_hashtags"
BAD_HASHTAG = "bad_hashtag"
OFF_TOPIC_HASHTAG = "off_topic_hashtag"
NO_SUBJECT = "no_subject"
SUBJECT_TOO_LONG = "subject_too_long"
CONTROL_CHARACTER = "control_character"
BROKEN_TEXT = "broken_text"
UNTIDY_SPACE = "untidy_space"
# length
TOO_LONG = "too_long"
TOO_SHORT = "too_short"
WRONG_PART_COUNT = "wrong_part_count"
CHANGED_TEXT = "changed_text"
# readability
HARD_TO_READ = "hard_to_read"
LONG_SENTENCE = "long_sentence"
PASSIVE = "passive"
WALL_OF_TEXT = "wall_of_text"
MONOTONE = "monotone"
# engagement checklist
NO_HOOK = "no_hook"
WEAK_HOOK = "weak_hook"
NO_CALL_TO_ACTION = "no_call_to_action"
UNFIT_CALL_TO_ACTION = "unfit_call_to_action"
NO_SPECIFICS = "no_specifics"
TOO_MANY_IDEAS = "too_many_ideas"
MIXED_PARAGRAPH = "mixed_paragraph"
# reports and checks
NO_SUMMARY = "no_summary"
NO_STRUCTURE = "no_structure"
NO_PROVENANCE = "no_provenance"
NO_DISCLAIMER = "no_disclaimer"
MISSING_FINDING = "missing_finding"
TOO_MANY_LINES = "too_many_lines"
NO_CONCLUSION = "no_conclusion"
# compliance: the categories of the rule packs
GUARANTEE = "guarantee"
SUPERLATIVE = "superlative"
FORWARD_LOOKING = "forward_looking"
TESTIMONIAL = "testimonial"
PERSONAL_DATA = "personal_data"
CONFIDENTIAL_METRIC = "confidential_metric"
DISCRIMINATION = "discrimination"
HEALTH_CLAIM = "health_claim"
GREEN_CLAIM = "green_claim"
URGENCY_PRESSURE = "urgency_pressure"
DECEPTIVE_SUBJECT = "deceptive_subject"
PAST_PERFORMANCE = "past_performance"
BUY_RECOMMENDATION = "buy_recommendation"
DISPARAGEMENT = "disparagement"
REVIEW_FOR_REWARD = "review_for_reward"
UNDISCLOSED_PROMOTION = "undisclosed_promotion"
PRICE_CLAIM = "price_claim"
EMAIL_CONSENT = "email_consent"
# originality
REPETITION = "repetition"
REPEATED_FACT = "repeated_fact"
COPIED_REQUEST = "copied_request"
CLICHE = "cliche"
# what could not be judged
NOT_JUDGED = "not_judged"

MEANINGS: Mapping[str, str] = {
    UNGROUNDED_NUMBER: "a number that is no given or derived fact",
    WRONG_DIRECTION: "a fall told as a rise, or a rise as a fall",
    WRONG_METRIC: "a fact's number beside the name of another metric",
    WRONG_PERIOD: "a period that is not the one asked for or given",
    UNSUPPORTED_CHANGE: "growth or decline claimed, while no fact says that anything changed",
    UNCLEAR_METRIC: "a growth rate without a metric, told as the growth of one",
    UNVERIFIED_NUMBER: "a number that only the request states, no metric bears it out",
    EMPTY: "there is no text",
    MISSING_METRIC: "a metric that the request names is not mentioned",
    MISSING_REQUIREMENT: "something the request asks for is not there",
    MISSING_PHRASE: "a phrase that must be included is not there",
    MISSING_PERIOD: "the period the request is about is not mentioned",
    MISSING_NOTE: "the analysis says what limits it, the text does not",
    GENERIC_SENTENCE: "a sentence that could stand in any text, or is about the text itself",
    THIN: "the text says too little that belongs to this request",
    FORBIDDEN_PHRASE: "a phrase that must be avoided",
    FORBIDDEN_NUMBER: "a number, where none is allowed",
    FORBIDDEN_HASHTAG: "a hashtag, where none is allowed",
    FORBIDDEN_EMOJI: "an emoji, where none is allowed",
    TONE_MISMATCH: "wording that does not fit the tone asked for",
    TOO_MANY_EXCLAMATIONS: "more exclamation marks than the tone bears",
    HYPE: "promotional words that say nothing",
    SHOUTING: "words in capitals that are no abbreviations",
    WRONG_ADDRESS: "du where the tone asks for Sie, or the other way round",
    WRONG_LANGUAGE: "the text is not in the language asked for",
    MARKDOWN_LEAK: "markdown that the platform shows as it is",
    PLACEHOLDER: "a gap that was left to be filled in",
    BROKEN_LINK: "a link that cannot work",
    TOO_MANY_HASHTAGS: "more hashtags than help",
    NO_HASHTAGS: "no hashtag on a platform where they help",
    BAD_HASHTAG: "a hashtag that the platform would not link",
    OFF_TOPIC_HASHTAG: "a hashtag that is not about the subject, or says another one again",
    NO_SUBJECT: "an e-mail without a subject",
    SUBJECT_TOO_LONG: "a subject that mail programs cut off",
    CONTROL_CHARACTER: "a character that cannot be shown",
    BROKEN_TEXT: "half of a character",
    UNTIDY_SPACE: "doubled spaces, blank lines or punctuation",
    TOO_LONG: "longer than the platform, the kind or the request allows",
    TOO_SHORT: "shorter than its kind or the request asks for",
    WRONG_PART_COUNT: "not as many parts as the request asks for",
    CHANGED_TEXT: "a text that was to be kept as it is was changed",
    HARD_TO_READ: "long words and sentences make it hard to read",
    LONG_SENTENCE: "one sentence is too long",
    PASSIVE: "the passive hides who acts",
    WALL_OF_TEXT: "a paragraph too long to be read on a screen",
    MONOTONE: "sentences of one length, or with one beginning after the other",
    NO_HOOK: "the first line is missing or says nothing",
    WEAK_HOOK: "the first line is an announcement, too long, or empty of facts",
    NO_CALL_TO_ACTION: "the reader is not asked to do anything",
    UNFIT_CALL_TO_ACTION: "the call is not the one asked for, fits any text or another channel",
    NO_SPECIFICS: "nothing concrete, although facts are there",
    TOO_MANY_IDEAS: "so many numbers that none is remembered",
    MIXED_PARAGRAPH: "a paragraph about several things at once",
    NO_SUMMARY: "a report that does not begin with its result",
    NO_STRUCTURE: "a report without sections",
    NO_PROVENANCE: "a report that does not say what is given and what is derived",
    NO_DISCLAIMER: "a compliance check that does not say it is no legal advice",
    MISSING_FINDING: "a finding of the check that the text leaves out",
    TOO_MANY_LINES: "a report of so many lines that the ones that matter are lost",
    NO_CONCLUSION: "a report that lists figures and draws nothing from them",
    GUARANTEE: "a result is promised",
    SUPERLATIVE: "a claim to be the best, without proof",
    FORWARD_LOOKING: "a statement about the future without caution",
    TESTIMONIAL: "an endorsement without disclosure or proof",
    PERSONAL_DATA: "data about a person",
    CONFIDENTIAL_METRIC: "a figure that is not to be published",
    DISCRIMINATION: "people are excluded by a protected trait",
    HEALTH_CLAIM: "an effect on health is claimed",
    GREEN_CLAIM: "a general environmental claim without proof",
    URGENCY_PRESSURE: "pressure by time or scarcity",
    DECEPTIVE_SUBJECT: "a subject that pretends to be an answer or a personal matter",
    PAST_PERFORMANCE: "the past result of an investment without the warning that belongs to it",
    BUY_RECOMMENDATION: "readers are urged to buy securities",
    DISPARAGEMENT: "competitors are run down",
    REVIEW_FOR_REWARD: "a reward for a review with a stated result",
    UNDISCLOSED_PROMOTION: "paid or gifted promotion that does not say so",
    PRICE_CLAIM: "a price or a reduction without what the reader must know beside it",
    EMAIL_CONSENT: "advertising by e-mail without consent or a way to opt out",
    REPETITION: "the same is said twice",
    REPEATED_FACT: "a figure that an earlier sentence has told",
    COPIED_REQUEST: "the wording of the request instead of a text",
    CLICHE: "a worn phrase",
    NOT_JUDGED: "something that these rules cannot judge",
}

# What a refiner should do about the findings that say how good a text is, rather than wrong.
# `evidence` holds the exact span in the text in which the evaluator has read it.
REMEDIES: Mapping[str, str] = {
    GENERIC_SENTENCE: "Span: the sentence. Leave it out, together with a line that is then empty; "
    "where the text becomes too short, put a figure or a conclusion in its place.",
    WEAK_HOOK: "Span: the first line. Take off a stock phrase before the fact, or write the line "
    "anew: the strongest figure within 60 characters, set against what one would expect.",
    REPEATED_FACT: "Span: the second mention. Leave its sentence out if it says no more; else say "
    "the figure's meaning without the figure.",
    MISSING_METRIC: "No span; the suggestion has the fact. Add a sentence with its figure near the "
    "lead, and before any derived figure.",
    THIN: "Span: the whole text. Tell the facts of the suggestion, or a conclusion that compares "
    "two of them. Without facts, ask for who, what, where and why; never fill up with phrases.",
    UNFIT_CALL_TO_ACTION: "Span: the call, if there is one. Put the call asked for in its place; "
    "without one, ask about the subject of this text, in the words of its channel.",
    OFF_TOPIC_HASHTAG: "Span: the hashtag. Leave it out; a metric or a word of the text that "
    "people search for may take its place.",
    MONOTONE: "Span: the sentence that begins like the one before. Join the two, or begin anew.",
    MIXED_PARAGRAPH: "Span: the paragraph. Part it where the metric changes.",
    TOO_MANY_LINES: "Span: the list. Keep the lines of the metrics asked for and the largest "
    "changes; derived figures that no sentence uses can go.",
    NO_CONCLUSION: "No span. Say after the summary what follows from comparing the figures.",
}
