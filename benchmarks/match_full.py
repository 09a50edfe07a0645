"""The full answer to a need: tiers, relaxations, robustness, words: `python -m benchmarks.match_full`.

Limits are those that a visitor feels: 150 ms at 5 000 plots, 300 ms at 100 000, 1.5 s at a million, of nineteen needs
in twenty, with twenty plots explained, every part of the answer in it, in sentences and as JSON. The ratios compare its
two costly parts with the same question put plainly, and stop where the answers differ: which musts keep plots out, in
SQL and by matching anew without each set of musts; and who has which rank under 2 000 weightings, by ordering all.
"""

from __future__ import annotations

import argparse
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import psycopg

from benchmarks.common import Figure, at_least, at_most, database, seen, server, show
from benchmarks.match import DAY, NAME, Question, load, p95, questions, rows_of, synthetic, timed
from landbank.api.i18n import Language
from landbank.api.match import sentences
from landbank.domain.advice.advise import advise
from landbank.domain.advice.contenders import RANKS, Contenders, contenders, open_worths
from landbank.domain.advice.masks import violations
from landbank.domain.advice.relax import Relaxations, relaxations
from landbank.domain.advice.robust import SAMPLES, SHOWN, Robustness, robustness
from landbank.domain.advice.weights import draw_weights
from landbank.domain.columns import Columns
from landbank.domain.match import A, Assessment, answer_of, assess
from landbank.services.advice_document import advised_document
from landbank.services.advise_match import Advised, spoken_of
from landbank.services.match_document import as_json
from landbank.services.match_need import Matched

SEED = 5

MASKS = """
SELECT (area_m2 < %(area)s)::int * 1 + (uses & %(uses)s = 0)::int * 2 + (power_mw < %(power)s)::int * 4
  + (NOT water)::int * 8 + (price > %(price)s)::int * 16 AS mask, count(*)
FROM (SELECT id, coalesce(area_m2, 'Infinity') AS area_m2, uses, coalesce(power_mw, 'Infinity') AS power_mw,
        coalesce(water, true) AS water, price FROM facts) known
GROUP BY mask ORDER BY mask
"""
"""How many plots fail just which musts; what is unknown fails none."""


def full_answer(columns: Columns, question: Question) -> bytes:
    """The whole answer in full, in words, as JSON."""
    found = assess(question.need(), columns, on=DAY)
    answer = answer_of(found)
    advice = advise(found, answer, seed=SEED)
    names = dict.fromkeys(spoken_of(answer.matches, advice, None), NAME)
    advised = Advised(Matched(answer, names), advice, SEED)
    return as_json(advised_document(advised, sentences(advised, Language.SV)))


def relaxed(found: Assessment) -> Relaxations:
    """landbank's relaxations: all minimal sets, with steps and what they gain."""
    return relaxations(found, violations(found.verdicts, len(found.columns)))


def gains_in_sql(connection: psycopg.Connection[Any], question: Question) -> dict[int, int]:
    """How many plots each single must alone keeps out, from the database."""
    masks = dict(connection.execute(MASKS, question.bound()).fetchall())
    return {bit: count for bit in range(5) if (count := masks.get(1 << bit, 0))}


def gains_by_matching(found: Assessment) -> dict[tuple[int, ...], int]:
    """What leaving out each set of musts gains, for every set, by matching anew without it."""
    musts, now = found.need.musts, len(found.places)
    gains = {}
    for size in range(1, len(musts) + 1):
        for chosen in combinations(range(len(musts)), size):
            kept = tuple(must for bit, must in enumerate(musts) if bit not in chosen)
            gains[chosen] = (
                len(assess(replace(found.need, musts=kept, wishes=()), found.columns, on=DAY).places) - now
            )
    return gains


def robust(found: Assessment) -> tuple[Robustness | None, Contenders]:
    """landbank's shares of ranks, and the plots that they were counted over."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    weights = draw_weights(found.need, SAMPLES, rng)
    field = contenders(found, open_worths(found), weights, rng=rng, shown=SHOWN)
    return robustness(found, field), field


def firsts_by_ordering_all(found: Assessment, weights: np.ndarray[Any, Any]) -> dict[int, float]:
    """How often each plot of the first tier comes first, from the ranks of all of them in every sample."""
    first_tier = found.ranks.tier == found.ranks.tier[0]
    worth = np.column_stack([one.point for one in open_worths(found)])[first_tier]
    counts = np.zeros((len(worth), RANKS))
    for row in weights:
        ordered = np.argsort(-(worth @ row), kind="stable")[:RANKS]
        counts[ordered, np.arange(len(ordered))] += 1
    ids = found.ranks.plot_id[first_tier]
    return {int(ids[at]): float(counts[at, 0] / len(weights)) for at in np.flatnonzero(counts[:, 0])}


def check_agreement(columns: Columns, connection: psycopg.Connection[Any], question: Question) -> None:
    """Stop where the plain ways give another answer."""
    found = assess(question.need(), columns, on=DAY)
    told = {
        tuple(found.need.musts.index(step.must) for step in one.steps): one for one in relaxed(found).sets
    }
    single = gains_in_sql(connection, question)
    by_matching = gains_by_matching(found)
    legal = 1  # the use is decided by the plan, so that no relaxation holds it
    expected = {bits for bits, gain in by_matching.items() if gain and legal not in bits}
    minimal = {bits for bits in expected if not any(set(less) < set(bits) for less in expected)}
    now = len(found.places)
    dropped = {bits: one.if_dropped.a + one.if_dropped.b - now for bits, one in told.items()}
    singles = {bits[0]: gain for bits, gain in dropped.items() if len(bits) == 1}
    if singles != {bit: gain for bit, gain in single.items() if bit != legal}:
        raise RuntimeError(f"SQL finds other gains for {question}: {singles}, {single}")
    if dropped != {bits: by_matching[bits] for bits in minimal}:
        raise RuntimeError(f"matching anew finds other gains for {question}: {dropped}")
    shares, field = robust(found)
    plain = firsts_by_ordering_all(found, field.weights)
    if shares is None or any(abs(one.first - plain.get(one.plot_id, 0.0)) > 1e-9 for one in shares.plots):
        raise RuntimeError(f"ordering all plots finds other shares for {question}")


def ratios(
    columns: Columns, connection: psycopg.Connection[Any], asked: Sequence[Question], named: str
) -> list[Figure]:
    """How much longer the plain ways take."""
    met = [
        found for question in asked if np.any((found := assess(question.need(), columns, on=DAY)).tiers == A)
    ]
    relax = typical(relaxed, met)
    draws = draw_weights(met[0].need, SAMPLES, np.random.default_rng(SEED))
    return [
        seen(f"{named}: relaxations, median", relax, "ms"),
        at_least(
            f"{named}: masks in SQL / relaxations",
            typical(lambda one: gains_in_sql(connection, one), asked) / relax,
            1,
        ),
        at_least(
            f"{named}: matching anew for every set / relaxations", typical(gains_by_matching, met) / relax, 1
        ),
        seen(f"{named}: robustness, median", typical(robust, met), "ms"),
        at_least(
            f"{named}: ordering all / robustness",
            typical(lambda found: firsts_by_ordering_all(found, draws), met[:5]) / typical(robust, met[:5]),
            1,
        ),
    ]


def typical(work: Callable[[Any], Any], cases: Sequence[Any]) -> float:
    """The median of milliseconds over the cases."""
    spent = []
    for case in cases:
        began = time.perf_counter()
        work(case)
        spent.append((time.perf_counter() - began) * 1_000)
    return statistics.median(spent)


def compare(url: str, size: int, number: int, limit_ms: float) -> list[Figure]:
    """The figures of one size; stops where the plain ways don't agree."""
    columns, asked = synthetic(size), questions(number)
    named = f"{size:,} plots".replace(",", " ")
    with load(url, rows_of(columns)) as connection:
        for question in asked[:3]:
            check_agreement(columns, connection, question)
        began = time.process_time()
        spent = timed(lambda question: full_answer(columns, question), asked)
        worked = (time.process_time() - began) * 1_000 / len(asked)
        return [
            at_most(f"{named}: full answer, p95", p95(spent), limit_ms, "ms"),
            seen(f"{named}: full answer, median", statistics.median(spent), "ms"),
            seen(f"{named}: full answer, processor time", worked, "ms"),
            *ratios(columns, connection, asked[:10], named),
        ]


def largest(size: int, number: int) -> list[Figure]:
    """The figures of landbank alone at the largest size, with the memory that an answer takes for its time."""
    columns, asked = synthetic(size), questions(number)
    spent = timed(lambda question: full_answer(columns, question), asked)
    tracemalloc.start()
    full_answer(columns, asked[3])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    named = f"{size:,} plots".replace(",", " ")
    return [
        at_most(f"{named}: full answer, p95", p95(spent), 1_500, "ms"),
        seen(f"{named}: full answer, median", statistics.median(spent), "ms"),
        seen(f"{named}: memory beside the columns while one is made", peak / 1e6, "MB"),
    ]


def main(needs: int = 60) -> None:
    """Measure and show."""
    with server() as at, database(at) as url:
        figures = compare(url, 5_000, needs, 150) + compare(url, 100_000, needs // 2, 300)
    figures += largest(1_000_000, 10)
    show("match_full: the full answer against the same questions put plainly", figures, needs=needs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=int, default=60)
    main(**vars(parser.parse_args()))
