"""How fast articles are checked: 1,000 of 500 words over all cores, beside a tool that only finds quantities in them.

The articles are the held-back texts of bench/claims, one after another with sentences whose numbers are no claims,
until each has 500 words. quantulum3 gets the first of them in the same run: it finds numbers with units and binds and
judges nothing.
"""

import json
import random
import time
from collections.abc import Sequence
from functools import cache

from claims_world import FOLDER, build_world
from report import Row, write_report

from answerable.claims import Topic, check_against, make_topic
from answerable.cluster import map_batches

N_ARTICLES = 1000
N_WORDS = 500
SEED = 4711
N_PEER = 40
BATCH = 25
NOTE = "The clock counts what else the machine is doing; processor time does not. An article has about 38 claims."
SURVEYS = ("cyber-flag", "sexual-communication")


def write_articles() -> list[tuple[str, str]]:
    """(survey, text) of every article, each as long as the bar says."""
    chance = random.Random(SEED)
    items = [item for path in sorted(FOLDER.glob("made-*.json")) for item in json.loads(path.read_text())]
    texts = {name: [i["text"] for i in items if i["checked"] == f"survey:{name}"] for name in SURVEYS}
    plain = [i["text"] for path in sorted(FOLDER.glob("nonclaims-*.json")) for i in json.loads(path.read_text())]
    return [(name, _write_article(chance, texts[name], plain)) for name in SURVEYS for _ in range(N_ARTICLES // 2)]


def _write_article(chance: random.Random, texts: Sequence[str], plain: Sequence[str]) -> str:
    parts: list[str] = []
    while sum(len(part.split()) for part in parts) < N_WORDS:
        parts.append(chance.choice(texts))
        parts.append(" ".join(chance.sample(plain, 3)))
    return "\n\n".join(parts)


@cache
def read_topic(name: str) -> Topic:
    """The Topic of a bundled survey, made once in each process."""
    return make_topic(*build_world(name))


def check_batch(batch: Sequence[tuple[str, str]]) -> int:
    """How many claims a batch of articles has."""
    return sum(len(check_against(text, read_topic(name))) for name, text in batch)


def find_quantities(text: str) -> int:
    """How many quantities quantulum3 finds in an article, without its classifier, whose pickle needs an old library."""
    from quantulum3 import classifier, parser

    classifier.USE_CLF = False
    return len(parser.parse(text))


def main() -> None:
    """Time everything and write bench/bench-claims.json."""
    articles = write_articles()
    words = sum(len(text.split()) for _, text in articles) / len(articles)
    batches = [articles[at : at + BATCH] for at in range(0, len(articles), BATCH)]
    start = time.perf_counter()
    claims = sum(map_batches(check_batch, batches))
    taken = time.perf_counter() - start
    check_batch(articles[:1])
    one = time.process_time()
    check_batch(articles[:100])
    each = (time.process_time() - one) / 100
    find_quantities(articles[0][1])
    one = time.process_time()
    for _, text in articles[:N_PEER]:
        find_quantities(text)
    peer = (time.process_time() - one) / N_PEER
    rows = [
        Row(
            name=f"{len(articles):,} articles of {words:.0f} words",
            metric="seconds, all cores, topics made",
            value=round(taken, 2),
            bar="< 20",
            holds=taken < 20,
        ),
        Row(name="one article", metric="milliseconds, one core", value=round(each * 1000, 1)),
        Row(
            name="all articles",
            metric="processor seconds over two cores",
            value=round(each * len(articles) / 2, 1),
            bar="< 20",
            holds=each * len(articles) / 2 < 20,
        ),
        Row(name="all articles", metric="claims checked", value=claims),
        Row(
            name="quantulum3, one article, quantities only",
            metric="milliseconds, one core",
            value=round(peer * 1000, 1),
        ),
    ]
    write_report("bench-claims", rows, note=NOTE)


if __name__ == "__main__":
    main()
