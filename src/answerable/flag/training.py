"""Fitting the linear model: on the written records, and on a force's own labels where it gives them.

Weights come from logistic regression (scikit-learn, the extra `model`) over the grams that `score.hash_grams` makes.
The curve that turns a score into a probability, and the band in which a person decides, are fitted on scores that
each family got from a model trained without it. The trap: fitted on the families it was trained on, every score
would look certain and nothing would ever go to a person.
"""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerable.errors import AnswerableError
from answerable.flag.labelling import read_labelled
from answerable.flag.lexicon import read_lexicon
from answerable.flag.matches import compile_lexicon, find_matches
from answerable.flag.roles import find_mentions
from answerable.flag.score import RULES, Model, Seen, hash_grams, hash_mentions
from answerable.flag.tokens import Bools, Bytes, Ints, find_tokens
from answerable.flag.verdicts import Policy, settle_records

BITS = 16
FOLDS = 6
STRENGTH = 10.0
"""Inverse of the penalty on weights; larger fits the training records closer."""
SURE = 0.93
"""The share right, among records of families not seen, that a score must promise before no person looks."""
FEWEST = 60
"""Open records below which the curve is fitted to all records: it is for those the rules leave open."""
_WIDEST, _NARROWEST = (0.05, 0.95), (0.35, 0.65)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A record to learn from. `label` is yes, no or unclear; records of one `family` are told in one way."""

    text: str
    label: str
    family: str


def list_examples() -> tuple[Example, ...]:
    """The written training records that a channel, not a policy, decides."""
    return tuple(
        Example(text=record.text, label=record.label, family=record.family)
        for record in read_labelled("train")
        if not record.switch
    )


def train_model(examples: Sequence[Example]) -> Model:
    """A model fitted to `examples`, the same for the same examples. Needs at least FOLDS families and both labels."""
    grams, answers, weights, groups, open_ = _tabulate(examples)
    families = np.unique(groups)
    if len(families) < FOLDS or len(np.unique(answers)) < 2:
        raise AnswerableError("the labels", f"hold {len(families)} families", f"Give {FOLDS} or more, with yes and no")
    held = np.zeros(len(answers))
    for fold in range(FOLDS):
        out = np.isin(groups, families[fold::FOLDS])
        linear = _fit(grams[~out], answers[~out], weights[~out], STRENGTH)
        held[out] = linear.decision_function(grams[out])
    if len(np.unique(answers[open_])) < 2 or open_.sum() < FEWEST:
        open_ = np.ones(len(answers), dtype=np.bool_)
    curve = _fit(held[open_, None], answers[open_], weights[open_], strength=1e6)
    slope, offset = float(curve.coef_[0, 0]), float(curve.intercept_[0])
    scores = 1 / (1 + np.exp(-(slope * held[open_] + offset)))
    low, high = _choose_band(scores, answers[open_], weights[open_])
    linear = _fit(grams, answers, weights, STRENGTH)
    return Model(
        bits=BITS,
        weights=linear.coef_[0].astype(np.float32),
        bias=float(linear.intercept_[0]),
        slope=slope,
        offset=offset,
        low=low,
        high=high,
        trained_on=f"{len(examples)} records of {len(families)} families",
    )


def write_model(model: Model, path: Path) -> None:
    """Write a model as `read_model_file` reads it: weights in whole steps of 1/127 of the largest."""
    scale = float(np.abs(model.weights).max()) / 127 or 1.0
    numbers = np.array([model.bits, model.bias, model.slope, model.offset, model.low, model.high])
    with path.open("wb") as stream:
        np.savez_compressed(
            stream,
            weights=np.round(model.weights / scale).astype(np.int8),
            scale=np.float32(scale),
            numbers=np.round(numbers, 6),
            trained_on=np.array(model.trained_on),
        )


def _tabulate(examples: Sequence[Example]) -> tuple[Any, Ints, NDArray[np.float64], NDArray[np.str_], Bools]:
    """Gram counts over the root of the length and what the rules saw; answers, weights, families, and whether the
    rules leave it open. An unclear record counts half for each answer, which holds its like in the middle."""
    sparse = importlib.import_module("scipy.sparse")
    texts, answers, weights, groups = [], [], [], []
    for example in examples:
        sides = {"yes": (1,), "no": (0,), "unclear": (0, 1)}[example.label]
        for side in sides:
            texts.append(example.text.encode())
            answers.append(side)
            weights.append(1 / len(sides))
            groups.append(example.family)
    offsets = np.concatenate([[0], np.cumsum([len(text) for text in texts])]).astype(np.int64)
    data = np.frombuffer(b"".join(texts), dtype=np.uint8)
    buckets, records = hash_grams(data, offsets, BITS)
    seen, open_ = _see_mentions(data, offsets)
    sizes = np.maximum(np.bincount(records, minlength=len(texts)), 1)
    values = np.concatenate([1 / np.sqrt(sizes[records]), np.ones(len(seen.record))])
    places = (np.concatenate([records, seen.record]), np.concatenate([buckets, (1 << BITS) + seen.bucket]))
    table = sparse.csr_matrix((values, places), shape=(len(texts), (1 << BITS) + RULES))
    return table, np.array(answers, dtype=np.int64), np.array(weights), np.array(groups), open_


def _see_mentions(data: Bytes, offsets: Ints) -> tuple[Seen, Bools]:
    lexicon = read_lexicon()
    tokens = find_tokens(data, offsets)
    matches = find_matches(compile_lexicon(lexicon), tokens)
    mentions = find_mentions(lexicon, tokens, matches)
    verdicts = settle_records(lexicon, mentions, len(offsets) - 1, Policy())
    return hash_mentions(lexicon, tokens, matches, mentions), verdicts.doubt


def _fit(features: Any, answers: Ints, weights: NDArray[np.float64], strength: float) -> Any:
    try:
        linear_model = importlib.import_module("sklearn.linear_model")
    except ImportError as error:
        raise AnswerableError(
            "flag train", "needs the package scikit-learn", "Run: pip install 'answerable[model]'"
        ) from error
    return linear_model.LogisticRegression(C=strength, max_iter=2000).fit(features, answers, sample_weight=weights)


def _choose_band(scores: NDArray[np.float64], answers: Ints, weights: NDArray[np.float64]) -> tuple[float, float]:
    """The lowest score from which up the share of yes is SURE, and the highest from which down that of no is."""
    order = np.argsort(scores, kind="stable")
    scores, right, size = scores[order], (answers * weights)[order], weights[order]
    from_here = np.cumsum(right[::-1])[::-1] / np.cumsum(size[::-1])[::-1]
    to_here = 1 - np.cumsum(right) / np.cumsum(size)
    above, below = np.flatnonzero(from_here >= SURE), np.flatnonzero(to_here >= SURE)
    high = float(scores[above[0]]) if len(above) else _WIDEST[1]
    low = float(scores[below[-1]]) if len(below) else _WIDEST[0]
    return (
        min(max(round(low, 3), _WIDEST[0]), _NARROWEST[0]),
        max(min(round(high, 3), _WIDEST[1]), _NARROWEST[1]),
    )
