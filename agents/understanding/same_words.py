"""Words that name the same metric: singular and plural, British and American, one word or two,
English and German."""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from agents.understanding.language import Token, fold, folded_words, vocabulary

_SPELLINGS = (("isation", "ization"), ("ise", "ize"), ("our", "or"), ("tre", "ter"), ("ogue", "og"))
_SINGULARS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("xes", "x"))
SHORTEST = 4  # letters; shorter words have no ending to take off


def heard_words(words: Sequence[Token]) -> set[str]:
    """What a text says in words of the same form as `same_word`; neighbours also as one word, so
    that "sign-ups" and "sign ups" name `signups`."""
    single = [word.word for word in words]
    joined = ("".join(pair) for pair in pairwise(single))
    return {same_word(word) for word in (*single, *joined)} | set(single)


@lru_cache(maxsize=8192)
def same_word(word: str) -> str:
    """One form for all words that name the same."""
    word = fold(word)
    stem = _stem(word)
    return _groups().get(word) or _groups().get(stem) or stem


@cache
def _groups() -> dict[str, str]:
    groups = (folded_words(words) for words in vocabulary()["same_words"])
    return {form: words[0] for words in groups for word in words for form in (word, _stem(word))}


def _stem(word: str) -> str:
    if len(word) < SHORTEST:
        return word
    for plural, singular in _SINGULARS:
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    stem = word.removesuffix("s") if not word.endswith(("ss", "us", "is")) else word
    for british, american in _SPELLINGS:
        if stem.endswith(british):
            return stem.removesuffix(british) + american
    return stem
