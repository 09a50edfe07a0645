"""The functions that a filter may use beyond the operators of CQL2: a closed list, nothing else is ever called."""

from __future__ import annotations

from dataclasses import dataclass

from landbank.domain.filter import Kind

NUMERIC = (Kind.INTEGER, Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Function:
    """A function: what its arguments may be, what it gives, and what it means."""

    args: tuple[tuple[Kind, ...], ...]
    gives: Kind
    meaning: str


FUNCTIONS: dict[str, Function] = {
    "lower": Function(((Kind.TEXT,),), Kind.TEXT, "The text in small letters."),
    "upper": Function(((Kind.TEXT,),), Kind.TEXT, "The text in capital letters."),
    "length": Function(((Kind.TEXT,),), Kind.INTEGER, "Number of characters of a text."),
    "abs": Function((NUMERIC,), Kind.NUMBER, "The number without its sign."),
    "floor": Function((NUMERIC,), Kind.NUMBER, "The largest whole number that is not larger."),
    "ceiling": Function((NUMERIC,), Kind.NUMBER, "The smallest whole number that is not smaller."),
    "round": Function((NUMERIC,), Kind.NUMBER, "The nearest whole number; halves away from zero."),
    "least": Function((NUMERIC, NUMERIC), Kind.NUMBER, "The smaller of two numbers."),
    "greatest": Function((NUMERIC, NUMERIC), Kind.NUMBER, "The larger of two numbers."),
    "count": Function(((Kind.TEXTS,),), Kind.INTEGER, "Number of elements of an array."),
    "year": Function(((Kind.DATE, Kind.DATETIME),), Kind.INTEGER, "The year of a date, or of a time in UTC."),
    "month": Function(
        ((Kind.DATE, Kind.DATETIME),), Kind.INTEGER, "The month (1-12) of a date, or of a time in UTC."
    ),
    "today": Function((), Kind.DATE, "The current date where the database is."),
    "area_m2": Function(
        ((Kind.GEOMETRY,),), Kind.NUMBER, "Area of a geometry on the ellipsoid in square metres."
    ),
    "length_m": Function(((Kind.GEOMETRY,),), Kind.NUMBER, "Length of a line on the ellipsoid in metres."),
    "distance_m": Function(
        ((Kind.GEOMETRY,), (Kind.GEOMETRY,)), Kind.NUMBER, "Shortest distance of two geometries in metres."
    ),
    "within_m": Function(
        ((Kind.GEOMETRY,), (Kind.GEOMETRY,), NUMERIC),
        Kind.BOOLEAN,
        "Whether two geometries are at most so many metres apart; found by an index.",
    ),
}
