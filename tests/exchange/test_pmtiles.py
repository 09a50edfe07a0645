"""Tiles into one file: what is half written is cut off, equal tiles are kept once, and another program reads it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from pmtiles.reader import MemorySource, Reader
from pmtiles.tile import tileid_to_zxy, zxy_to_tileid

from landbank.errors import Conflict
from landbank.exchange.pmtiles_spool import Spool, folder_of, open_spool
from landbank.exchange.write_pmtiles import Shown, directories_of, entries_of, write_pmtiles

Opening = Callable[..., Spool]
ABOUT = {"state": "one"}
SHOWN = Shown((0, 1), (11.5, 57.3, 12.8, 58.15), 1, {"name": "prov", "vector_layers": []})


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    """Where a file shall be written."""
    return tmp_path / "karta.pmtiles"


@pytest.fixture
def opening(destination: Path) -> Iterator[Opening]:
    """Opens spools of the destination, each closed at the end."""
    with ExitStack() as stack:

        def opened(about: Mapping[str, str] = ABOUT, *, resume: bool = False) -> Spool:
            spool = open_spool(destination, about, resume=resume)
            stack.callback(spool.close)
            return spool

        yield opened


@pytest.fixture
def filled(opening: Opening) -> Spool:
    """A spool of five tiles: one empty, two of them the same."""
    spool = opening()
    for number, content in enumerate((b"world", b"", b"sea", b"sea", b"land")):
        spool.add(number, content)
    return spool


def read(path: Path) -> Reader:
    """The file as the format's own library reads it."""
    return Reader(MemorySource(path.read_bytes()))  # type: ignore[no-untyped-call]


def test_library_of_the_format_reads_tiles_and_metadata(destination: Path, filled: Spool) -> None:
    write_pmtiles(destination, filled, SHOWN)
    reader = read(destination)
    # Numbers 1 to 4 are the tiles 0/0, 0/1, 1/1 and 1/0 of zoom 1: the Hilbert curve begins in the north-west.
    assert [reader.get(z, x, y) for z, x, y in ((0, 0, 0), (1, 0, 0), (1, 0, 1), (1, 1, 1), (1, 1, 0))] == [
        b"world", None, b"sea", b"sea", b"land",
    ]  # fmt: skip
    header = reader.header()
    assert (header["addressed_tiles_count"], header["tile_contents_count"]) == (4, 3)
    assert (header["tile_entries_count"], header["tile_data_length"]) == (3, len(b"worldsealand"))
    assert (header["min_lon_e7"], header["max_lat_e7"]) == (115000000, 581500000)
    assert reader.metadata() == {"name": "prov", "vector_layers": []}


def test_stopped_work_is_taken_up_and_what_was_half_written_is_cut_off(
    destination: Path, filled: Spool, opening: Opening
) -> None:
    filled.close()
    records, tiles = folder_of(destination) / "records", folder_of(destination) / "tiles"
    records.write_bytes(records.read_bytes()[:-3])
    tiles.write_bytes(tiles.read_bytes() + b"and")
    again = opening(resume=True)
    assert (again.last_id, again.size) == (3, len(b"worldsea"))
    again.add(4, b"land")
    write_pmtiles(destination, again, SHOWN)
    assert read(destination).get(1, 1, 0) == b"land"


def test_bytes_that_are_not_those_of_their_record_are_drawn_again(
    destination: Path, filled: Spool, opening: Opening
) -> None:
    filled.close()
    (folder_of(destination) / "tiles").write_bytes(b"worldSEAland")
    assert opening(resume=True).last_id == 1


@pytest.mark.parametrize(("about", "resume"), [({"state": "other"}, True), (ABOUT, False)])
def test_work_about_another_state_or_unasked_for_begins_anew(
    filled: Spool, opening: Opening, about: dict[str, str], resume: bool
) -> None:
    filled.close()
    assert opening(about, resume=resume).kept == []


def test_two_cannot_write_the_same_file(filled: Spool, opening: Opening) -> None:
    with pytest.raises(Conflict, match="being baked already"):
        opening(resume=True)
    assert filled.last_id == 4


def test_many_tiles_have_leaf_directories_and_a_small_root(destination: Path, opening: Opening) -> None:
    draw, spool, tiles, number = random.Random(7), opening(), {}, zxy_to_tileid(12, 0, 0)
    for _ in range(12_000):
        number += draw.randint(1, 500)
        tiles[number] = draw.randbytes(draw.randint(1, 300))
        spool.add(number, tiles[number])
    root, leaves = directories_of(entries_of(spool.kept))
    assert (len(root) <= 16_384 - 127, len(leaves) > 16_384) == (True, True)
    write_pmtiles(destination, spool, Shown((12, 12), SHOWN.extent, 12, {}))
    reader = read(destination)
    for asked in draw.sample(sorted(tiles), 20):
        assert reader.get(*tileid_to_zxy(asked)) == tiles[asked]
        assert asked + 1 in tiles or reader.get(*tileid_to_zxy(asked + 1)) is None


def test_nothing_at_all_is_a_file_without_tiles(destination: Path, opening: Opening) -> None:
    write_pmtiles(destination, opening(), SHOWN)
    assert read(destination).get(0, 0, 0) is None
