"""A prompt as hashed words and pairs of words: the bag that a linear model can weigh, without a
vocabulary to keep.
"""

import math
import re
import zlib
from collections import Counter
from itertools import pairwise

BUCKETS = 4096  # a power of two
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")

Bag = dict[int, float]  # bucket → weight, of length one


def hashed_bag(text: str, buckets: int = BUCKETS) -> Bag:
    """The weights of the buckets that the words and pairs of a text fall into: log(1 + count),
    scaled to length one. Every number is the same word, since its value says little by itself.
    """
    words = ["#" if word[0].isdigit() else word for word in _TOKEN.findall(text.lower())]
    grams = words + [f"{one} {two}" for one, two in pairwise(words)]
    counts = Counter(zlib.crc32(gram.encode()) % buckets for gram in grams)
    weights = {bucket: math.log1p(count) for bucket, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {bucket: weight / length for bucket, weight in weights.items()}
