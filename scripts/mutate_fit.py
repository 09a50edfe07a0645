"""Shows that the tests of fit, assembly and subdivision catch faults: `.venv/bin/python scripts/mutate_fit.py`.

Each mutation is one wrong change of the code, made in a scratch copy; the tests named with it must fail there. The
copy without a change must pass them all. The table is written to docs/mutations/fit.md; a mutation that is not
caught ends the run with 1.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "mutations" / "fit.md"
FIT, ASSEMBLY, DIVISION = "landbank/domain/fit", "landbank/domain/assembly", "landbank/domain/subdivision"


@dataclass(frozen=True, slots=True)
class Mutation:
    """One wrong change: what it does, where, what stands there, what stands there then, and whose tests see it."""

    what: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]


ORACLES = ("test_fit_oracles", "test_fit_properties")
VERIFY = ("test_fit_verify", "test_fit_oracles")
ZONE = ("test_buildable",)
SEVERAL = ("test_fit_several",)
LARGEST = ("test_fit_largest",)
NEIGHBOURS = ("test_adjacency",)
SETS = ("test_assemblies",)
JOINED = ("test_joined",)
DIVIDED = ("test_subdivision",)

MUTATIONS = (
    Mutation(
        "an edge is grown to the wrong sides",
        f"{FIT}/centres.py",
        "up = np.where(right[:, 1] >= left[:, 1], b, -b)",
        "up = np.where(right[:, 1] >= left[:, 1], -b, b)",
        ORACLES,
    ),
    Mutation(
        "an edge is grown by half of the box only",
        f"{FIT}/centres.py",
        "grown_edges(near, long_m / 2, short_m / 2)",
        "grown_edges(near, long_m / 4, short_m / 4)",
        ORACLES,
    ),
    Mutation(
        "long and short side are swapped in the box",
        f"{FIT}/centres.py",
        "return (long_m * cosine - short_m * sine) / double, (short_m * cosine - long_m * sine) / double",
        "return (short_m * cosine - long_m * sine) / double, (long_m * cosine - short_m * sine) / double",
        ORACLES,
    ),
    Mutation(
        "the inner box of a range of angles is the whole rectangle",
        f"{FIT}/centres.py",
        "return (long_m * cosine - short_m * sine) / double, (short_m * cosine - long_m * sine) / double",
        "return long_m, short_m",
        VERIFY,
    ),
    Mutation(
        "the formula of the inner box is used where it is wrong",
        f"{FIT}/centres.py",
        "if math.sin(2 * half) > short_m / long_m or half >= math.pi / 4:",
        "if half >= math.pi / 4:",
        VERIFY,
    ),
    Mutation(
        "holes are ground",
        f"{FIT}/centres.py",
        "shapely.get_rings(oriented)]\n    edges",
        "shapely.get_exterior_ring(oriented)]\n    edges",
        ORACLES,
    ),
    Mutation(
        "edges that start at the box's far side are not looked at",
        f"{FIT}/centres.py",
        "(low[:, 0] < x1 + long_m / 2)",
        "(low[:, 0] < x1)",
        ORACLES,
    ),
    Mutation(
        "the tolerance is added where it is taken away",
        f"{FIT}/search.py",
        "        long, short = self.footprint.long_m - TOLERANCE_M / 2, self.footprint.short_m - TOLERANCE_M / 2\n"
        "        return inner_box",
        "        long, short = self.footprint.long_m + TOLERANCE_M / 2, self.footprint.short_m + TOLERANCE_M / 2\n"
        "        return inner_box",
        ORACLES,
    ),
    Mutation(
        "the tolerance of a borderline place is swapped for none",
        f"{FIT}/search.py",
        "long, short = self.footprint.long_m - TOLERANCE_M, self.footprint.short_m - TOLERANCE_M\n",
        "long, short = self.footprint.long_m, self.footprint.short_m\n",
        ORACLES,
    ),
    Mutation(
        "the footprint less the tolerance is told to fit",
        f"{FIT}/search.py",
        "long, short = self.footprint.long_m, self.footprint.short_m\n        left = region",
        "long, short = self.footprint.long_m - TOLERANCE_M, self.footprint.short_m - TOLERANCE_M\n"
        "        left = region",
        ORACLES,
    ),
    Mutation(
        "a place is not checked in the zone",
        f"{FIT}/search.py",
        "return found if self.ground.zone.covers(outline) else None",
        "return found if outline else None",
        ORACLES,
    ),
    Mutation(
        "half of the half turn is left out",
        f"{FIT}/search.py",
        "turn = math.pi if self.footprint.long_m > self.footprint.short_m else math.pi / 2",
        "turn = math.pi / 2",
        ORACLES,
    ),
    Mutation(
        "a range with places left is shut out",
        f"{FIT}/search.py",
        "            if left.is_empty:\n                self.shut_out.append(interval)",
        "            if left.area < 100:\n                self.shut_out.append(interval)",
        ORACLES,
    ),
    Mutation(
        "a search that is stopped says no",
        f"{FIT}/search.py",
        "return self.ended(is_open=True)",
        "return self.ended(is_open=False)",
        ORACLES,
    ),
    Mutation(
        "the area of all parts is added up",
        f"{FIT}/search.py",
        "largest = max(float(shapely.area(part)) for part in shapely.get_parts(ground.around))\n    if largest < long",
        "largest = min(float(shapely.area(part)) for part in shapely.get_parts(ground.around))\n    if largest < long",
        ORACLES,
    ),
    Mutation(
        "the circle is taken by its diameter",
        f"{FIT}/search.py",
        "radius = (footprint.short_m - TOLERANCE_M / 2) / 2",
        "radius = footprint.short_m - TOLERANCE_M / 2",
        ORACLES,
    ),
    Mutation(
        "cracks are borders",
        f"{FIT}/ground.py",
        "return around if shapely.buffer(around, 0.001).covers(local) else local",
        "return local if around else local",
        ORACLES,
    ),
    Mutation(
        "a proof may leave angles out",
        f"{FIT}/verify.py",
        "        if one.middle - one.half > reached + 1e-12:\n            return False\n",
        "",
        VERIFY,
    ),
    Mutation(
        "a quarter turn proves for every footprint",
        f"{FIT}/verify.py",
        "turn = math.pi / 2 if footprint.width_m == footprint.depth_m else math.pi",
        "turn = math.pi / 2",
        VERIFY,
    ),
    Mutation(
        "a placed rectangle may have any sides",
        f"{FIT}/verify.py",
        "return bool(np.allclose(np.sort(sides), wanted, rtol=0, atol=WITHIN)) and zone.covers(",
        "return zone.covers(",
        VERIFY,
    ),
    Mutation(
        "the set-back is drawn outside",
        f"{FIT}/buildable.py",
        "out, deep = inward * OUTSIDE_M, inward * distance",
        "out, deep = inward * OUTSIDE_M, -inward * distance",
        ZONE,
    ),
    Mutation(
        "inner corners have no set-back",
        f"{FIT}/buildable.py",
        "np.flatnonzero(turn < 0)",
        "np.flatnonzero(turn < -9)",
        ZONE,
    ),
    Mutation(
        "inner corners are cut square",
        f"{FIT}/buildable.py",
        "number = max(1, math.ceil(abs(last - first) / CHORD))",
        "number = 1",
        ZONE,
    ),
    Mutation(
        "areas are counted and not taken out",
        f"{FIT}/buildable.py",
        "        left = areas_of(left.difference(blocked))\n",
        "",
        ZONE,
    ),
    Mutation(
        "a side's own set-back is not used",
        f"{FIT}/buildable.py",
        "near.extend(around_edges(along, side.set_back_m))",
        "near.extend(around_edges(along, distance))",
        ZONE,
    ),
    Mutation(
        "the gap between footprints is not kept",
        f"{FIT}/several.py",
        "self.gap_m + CLEAR_M / 2",
        "CLEAR_M / 2",
        SEVERAL,
    ),
    Mutation(
        "gaps take no ground",
        f"{FIT}/several.py",
        "one.area_m2 + (one.width_m + one.depth_m) * gap_m + math.pi * gap_m**2 / 4",
        "one.area_m2",
        SEVERAL,
    ),
    Mutation(
        "what was not placed is told not to fit",
        f"{FIT}/several.py",
        "return told(FitAnswer.FITS, placed) if placed else told(FitAnswer.UNDECIDED)",
        "return told(FitAnswer.FITS, placed) if placed else told(FitAnswer.DOES_NOT_FIT)",
        SEVERAL,
    ),
    Mutation(
        "places come in the order of laying",
        f"{FIT}/several.py",
        "for place in sorted(by_place))",
        "for place in by_place)",
        SEVERAL,
    ),
    Mutation(
        "bisection keeps the size that failed",
        f"{FIT}/largest.py",
        "            ceiling = trial\n",
        "            low = ceiling = trial\n",
        LARGEST,
    ),
    Mutation(
        "the bound of any rectangle is the best one found",
        f"{FIT}/largest_any.py",
        "return (self.best.area_m2 if self.best else SMALLEST_SIDE_M**2) * (1 + self.close)",
        "return (self.best.area_m2 if self.best else SMALLEST_SIDE_M**2) * (1 - self.close)",
        LARGEST,
    ),
    Mutation(
        "only squares are grown",
        f"{FIT}/largest_any.py",
        "self.grow(left, branch.angles.middle, math.sqrt(branch.low * branch.high))",
        "self.grow(left, branch.angles.middle, 1.0)",
        LARGEST,
    ),
    Mutation(
        "the key forgets the set-back",
        f"{FIT}/key.py",
        "{float(set_back_m)!r}|",
        "",
        LARGEST,
    ),
    Mutation(
        "borders that run the same way face each other",
        f"{ASSEMBLY}/facing.py",
        "np.sum(way[one] * way[other], axis=1) < AGAINST",
        "np.sum(way[one] * way[other], axis=1) > -AGAINST",
        NEIGHBOURS,
    ),
    Mutation(
        "the gap has no limit",
        f"{ASSEMBLY}/facing.py",
        "for limit, is_least in ((-TOUCHING_M, True), (most_gap_m, False)):",
        "for limit, is_least in ((-TOUCHING_M, True), (most_gap_m * 2, False)):",
        NEIGHBOURS,
    ),
    Mutation(
        "a plot between is looked through",
        f"{ASSEMBLY}/facing.py",
        "clear[far[touched(rays, [*shapes, *between])]] = False",
        "clear[far[touched(rays, [*between])]] = False",
        NEIGHBOURS,
    ),
    Mutation(
        "barriers are not seen",
        f"{ASSEMBLY}/facing.py",
        "    if not len(barriers):\n        return pieces\n",
        "    if not len(barriers) or len(barriers):\n        return pieces\n",
        NEIGHBOURS,
    ),
    Mutation(
        "a barrier blocks a whole border",
        f"{ASSEMBLY}/facing.py",
        "PIECE_M: Final = 5.0",
        "PIECE_M: Final = 5_000.0",
        NEIGHBOURS,
    ),
    Mutation(
        "the longer of the two borders counts",
        f"{ASSEMBLY}/adjacency.py",
        "return np.minimum(forth, back)",
        "return np.maximum(forth, back)",
        NEIGHBOURS,
    ),
    Mutation(
        "strips cross barriers",
        f"{ASSEMBLY}/outline.py",
        "is_joined &= ~pieces.is_across_barrier",
        "is_joined &= True",
        NEIGHBOURS,
    ),
    Mutation(
        "sets are not checked to be minimal",
        f"{ASSEMBLY}/sets.py",
        "                if self.is_enough(rest) and self.is_connected(rest):\n                    return False\n",
        "",
        SETS,
    ),
    Mutation(
        "sets that fall apart count as smaller ones",
        f"{ASSEMBLY}/sets.py",
        "if self.is_enough(rest) and self.is_connected(rest):",
        "if self.is_enough(rest):",
        SETS,
    ),
    Mutation(
        "sets come up twice",
        f"{ASSEMBLY}/sets.py",
        "if one > root and one not in seen]",
        "if one != root and one not in seen]",
        SETS,
    ),
    Mutation(
        "neighbours that were passed over come back",
        f"{ASSEMBLY}/sets.py",
        "(*extension[place + 1 :], *fresh)",
        "(*extension, *fresh)",
        SETS,
    ),
    Mutation(
        "growing stops too early",
        f"{ASSEMBLY}/sets.py",
        "may_come = still * self.near[root]",
        "may_come = (still - 1) * self.near[root]",
        SETS,
    ),
    Mutation(
        "unknown amounts are enough",
        f"{ASSEMBLY}/sets.py",
        "known = np.nan_to_num(np.asarray(amounts, dtype=np.float64)",
        "known = np.nan_to_num(nan=1e6, x=np.asarray(amounts, dtype=np.float64)",
        SETS,
    ),
    Mutation(
        "sets left out are kept quiet",
        f"{ASSEMBLY}/sets.py",
        "return Assemblies(tuple(found), size - 1, more_exist=True)",
        "return Assemblies(tuple(found), size, more_exist=False)",
        SETS,
    ),
    Mutation(
        "sold plots take part",
        f"{ASSEMBLY}/for_need.py",
        "may: Flags = np.isin(labels, [LABELS.index(one) for one in AVAILABLE])",
        "may: Flags = labels >= 0",
        SETS,
    ),
    Mutation(
        "unknown shuts a plot out",
        f"{ASSEMBLY}/for_need.py",
        "conditional=must.conditional)) != FALSE",
        "conditional=must.conditional)) == 1",
        SETS,
    ),
    Mutation(
        "the whole allows what one plot allows",
        f"{ASSEMBLY}/joined.py",
        '"use": np.bitwise_and.reduceat',
        '"use": np.bitwise_or.reduceat',
        JOINED,
    ),
    Mutation(
        "an unknown use is any use",
        f"{ASSEMBLY}/joined.py",
        '"use_known": group.all(columns.use_known)',
        '"use_known": group.any(columns.use_known)',
        JOINED,
    ),
    Mutation(
        "an unknown area is nothing",
        f"{ASSEMBLY}/joined.py",
        "{name: group.sum(getattr(columns, name)) for name in SUMS}",
        "{name: group.sum(np.nan_to_num(getattr(columns, name))) for name in SUMS}",
        JOINED,
    ),
    Mutation(
        "distances are those of the farthest plot",
        f"{ASSEMBLY}/joined.py",
        "{name: group.least(getattr(columns, name)) for name in LEASTS}",
        "{name: group.most(getattr(columns, name)) for name in LEASTS}",
        JOINED,
    ),
    Mutation(
        "prices are not weighted",
        f"{ASSEMBLY}/joined.py",
        "    area = columns.area_m2\n",
        "    area = np.ones(len(columns))\n",
        JOINED,
    ),
    Mutation(
        "one connection serves all",
        f"{ASSEMBLY}/joined.py",
        "return np.where(least == most, least, 0).astype(np.int8)",
        "return most.astype(np.int8)",
        JOINED,
    ),
    Mutation(
        "the plot most settled decides",
        f"{ASSEMBLY}/joined.py",
        "return back[group.least(rank)]",
        "return back[group.most(rank)]",
        JOINED,
    ),
    Mutation(
        "the whole is ready when one plot is",
        f"{ASSEMBLY}/joined.py",
        "np.where(group.all(is_known), last",
        "np.where(group.any(is_known), last",
        JOINED,
    ),
    Mutation(
        "the plot easiest to get decides",
        f"{ASSEMBLY}/joined.py",
        "    hardest = group.least(rank)\n",
        "    hardest = group.most(rank)\n",
        JOINED,
    ),
    Mutation(
        "power of all plots is firm together",
        f"{ASSEMBLY}/joined_power.py",
        "np.ones(len(number)), np.zeros(int(is_more.sum()))",
        "np.ones(len(number)), np.ones(int(is_more.sum()))",
        JOINED,
    ),
    Mutation(
        "unknown power is none",
        f"{ASSEMBLY}/joined_power.py",
        "group.sum(np.where(high > level, np.nan, level))",
        "group.sum(np.nan_to_num(level))",
        JOINED,
    ),
    Mutation(
        "the first plot's day is the whole's",
        f"{ASSEMBLY}/facts.py",
        "latest = float(np.max(np.maximum(",
        "latest = float(np.min(np.maximum(",
        JOINED,
    ),
    Mutation(
        "the remainder may be smaller than a lot",
        f"{DIVISION}/propose.py",
        "if left <= 0 or left < lot:",
        "if left <= 0:",
        DIVIDED,
    ),
    Mutation(
        "the remainder needs no road",
        f"{DIVISION}/propose.py",
        "if left_front < front:",
        "if left_front < 0:",
        DIVIDED,
    ),
    Mutation(
        "the cut runs along the road",
        f"{DIVISION}/propose.py",
        "self.along: Floats = way / np.hypot(*way) *",
        "self.along: Floats = np.array([-way[1], way[0]]) / np.hypot(*way) *",
        DIVIDED,
    ),
    Mutation(
        "a seller's no is not heard",
        f"{DIVISION}/propose.py",
        "if wanted.is_subdividable is False:",
        "if wanted.is_subdividable is True and wanted.is_subdividable is False:",
        DIVIDED,
    ),
    Mutation(
        "the set-back is forgotten on the piece",
        f"{DIVISION}/propose.py",
        "zone = buildable_zone(piece, set_back_m=wanted.set_back_m).shape",
        "zone = buildable_zone(piece, set_back_m=0.0).shape",
        DIVIDED,
    ),
    Mutation(
        "sides that only end at the road are front",
        f"{DIVISION}/front.py",
        "union_all(pieces[shapely.intersects(rays, road)])",
        "union_all(pieces[shapely.distance(pieces, road) < REACH_M])",
        DIVIDED,
    ),
    Mutation(
        "most land comes first",
        f"{DIVISION}/propose.py",
        "made.sort(key=lambda one: (round(float(one.piece.area))",
        "made.sort(key=lambda one: (-round(float(one.piece.area))",
        DIVIDED,
    ),
)


def main(only: str | None = None) -> int:
    """Run the mutations (all, or those whose text holds `only`); 1 if one is not caught or the copy fails unchanged."""
    chosen = [one for one in MUTATIONS if only is None or only in one.what]
    with tempfile.TemporaryDirectory(prefix="landbank-mutations-") as folder:
        copy = Path(folder)
        for name in ("landbank", "data", "tests/domain"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "tests/conftest.py"):
            shutil.copy(ROOT / name, copy / name)
        if run(copy, sorted({name for one in chosen for name in one.tests})) != 0:
            print("The copy fails its tests without a change.", file=sys.stderr)
            return 1
        caught = [tried(copy, one) for one in chosen]
    if only is None:
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(table(caught), encoding="utf-8")
    print(f"{sum(by is not None for by in caught)} of {len(chosen)} mutations are caught.")
    return 0 if None not in caught else 1


def tried(copy: Path, mutation: Mutation) -> str | None:
    """The test file that catches the mutation, or None; the copy is as before afterwards."""
    path = copy / mutation.path
    text = path.read_text(encoding="utf-8")
    if text.count(mutation.old) != 1:
        raise SystemExit(
            f"{mutation.path} holds what '{mutation.what}' changes {text.count(mutation.old)} times."
        )
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    try:
        by = next((name for name in mutation.tests if run(copy, [name]) == 1), None)
    finally:
        path.write_text(text, encoding="utf-8")
    print(f"{'caught by ' + by if by else 'NOT CAUGHT'}: {mutation.what}", flush=True)
    return by


def run(copy: Path, tests: list[str]) -> int:
    """pytest's exit code for these files of tests/domain: 0 all pass, 1 one fails."""
    files = [f"tests/domain/{name}.py" for name in tests]
    command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-q", "-p", "no:cacheprovider", *files]
    # No test of the domain needs a database; the name of one keeps the run from starting a server of its own.
    environment = {
        **os.environ,
        "LANDBANK_TEST_SERVER": "none",
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    return done.returncode


def table(caught: list[str | None]) -> str:
    """The document: each mutation and what catches it."""
    head = """# Faults that the tests of fit, assembly and subdivision catch

Written by `scripts/mutate_fit.py`: each line is one wrong change of the code, made in a scratch copy, and the first
test file that failed there. Without a change the same tests pass.

| wrong change | in | caught by |
|---|---|---|
"""
    lines = [
        f"| {one.what} | `{one.path.removeprefix('landbank/domain/')}` | {f'`{by}`' if by else '**not caught**'} |\n"
        for one, by in zip(MUTATIONS, caught, strict=True)
    ]
    return head + "".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="only mutations whose text holds this")
    sys.exit(main(parser.parse_args().only))
