"""A need as it comes in: strict JSON to a checked Need, every fault with the pointer of its field (RFC 6901)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from landbank.domain.building import Building
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Kind
from landbank.domain.need import DEFAULT_MATCHES, MOST_MATCHES, NEAR, Must, Need, Weight, Wish
from landbank.domain.place import Place
from landbank.domain.templates import TEMPLATES
from landbank.errors import Invalid
from landbank.geo.crs import LONLAT, STORAGE, reproject_places

Part = TypeVar("Part")
Amount = Annotated[float, Field(allow_inf_nan=False)]
Code = Annotated[str, Field(max_length=40)]
TemplateName = Literal["logistics", "manufacturing", "workshop", "data_centre", "office", "retail", "energy"]


class Strict(BaseModel):
    """A part of a need: no unknown fields, no conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class MustIn(Strict):
    """A condition that a plot has to meet."""

    criterion: str
    op: str
    threshold: bool | Amount | str | list[Amount] | list[Code]
    conditional: bool = False


class WishIn(Strict):
    """A value function and its weight."""

    criterion: str
    points: list[Annotated[list[bool | Amount | Code], Field(min_length=2, max_length=2)]] | None = None
    weight: str | Amount = Weight.USEFUL.value
    conditional: bool = False


class PlaceIn(Strict):
    """A named point of the infrastructure, or a point in degrees (WGS 84), then with any name."""

    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    latitude: Annotated[float, Field(ge=-85, le=85, allow_inf_nan=False)] | None = None


class FootprintIn(Strict):
    """A building or yard that has to fit on the plot."""

    width_m: Amount
    depth_m: Amount
    set_back_m: Amount = 0.0
    count: int = 1


class NeedIn(Strict):
    """A need. A template fills in musts, wishes and title where these are left out."""

    title: Annotated[str, Field(max_length=200)] | None = None
    template: TemplateName | None = None
    date: str | None = None
    musts: list[MustIn] | None = None
    wishes: list[WishIn] | None = None
    footprints: Annotated[list[FootprintIn], Field(max_length=10)] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_MATCHES)] = DEFAULT_MATCHES
    place: PlaceIn | None = None


class OwnerIn(Strict):
    """A plot and needs to look at it with."""

    plot_id: int
    needs: Annotated[list[NeedIn], Field(max_length=1_000)]


def read_need(given: bytes | str | dict[str, Any]) -> Need:
    """The need in a JSON text, or in its parsed values.

    Raises
    ------
    Invalid
        The text is no JSON, a field is unknown or missing, or a value can't be used; `where` is its pointer.
    """
    values = parse(given) if isinstance(given, bytes | str) else given
    try:
        return need_from(NeedIn.model_validate(values))
    except ValidationError as error:
        raise refused(error, values) from error


@dataclass(frozen=True, slots=True)
class OwnerAsked:
    """A plot and the needs that its owner wants to know of together."""

    plot_id: int
    needs: tuple[Need, ...]


def read_owner(given: bytes) -> OwnerAsked:
    """The plot and the needs in a JSON text.

    Raises
    ------
    Invalid
        The text is no JSON, a field is unknown or missing, or a value can't be used; `where` is its pointer.
    """
    values = parse(given)
    try:
        asked = OwnerIn.model_validate(values)
    except ValidationError as error:
        raise refused(error, values, OwnerIn) from error
    return OwnerAsked(asked.plot_id, at_each("needs", asked.needs, need_from))


def parse(given: bytes | str) -> Any:
    """The values of a JSON text."""
    try:
        return json.loads(given, object_pairs_hook=each_once)
    except ValueError as error:
        raise Invalid(
            f"The need is no JSON: {error}.", hint="GET /api/match/schema shows its form and examples."
        ) from error
    except RecursionError as error:
        raise Invalid(
            "The need is nested too deeply.", hint="A need has lists of musts and wishes."
        ) from error


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's fields; one that is given twice is refused rather than one of them dropped."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid(f"The field {twice!r} is given twice.", hint="Give it once.")
    return fields


def need_from(given: NeedIn) -> Need:
    """The checked need, with what the template fills in."""
    base = TEMPLATES[given.template] if given.template else Need()
    musts = None if given.musts is None else at_each("musts", given.musts, must_from)
    wishes = None if given.wishes is None else at_each("wishes", given.wishes, wish_from)
    footprints = None if given.footprints is None else at_each("footprints", given.footprints, building_from)
    need = replace(
        base,
        title=given.title or base.title,
        template=given.template,
        date=None if given.date is None else read_date(given.date, "/date"),
        musts=base.musts if musts is None else musts,
        wishes=base.wishes if wishes is None else wishes,
        footprints=base.footprints if footprints is None else footprints,
        limit=given.limit,
        place=None if given.place is None else place_from(given.place),
    )
    if need.place is not None and NEAR not in need.criteria:
        raise Invalid(
            "Nothing is asked of the place.",
            hint=f'Add a must or wish on {NEAR}, for example {{"criterion": "{NEAR}", "op": "<=", "threshold": 10}}.',
            where="/place",
        )
    return need


def place_from(given: PlaceIn) -> Place:
    """The place, its point in EPSG:3006."""
    if given.longitude is None or given.latitude is None:
        if given.longitude is not None or given.latitude is not None:
            raise Invalid("The place has half a point.", hint="Give longitude and latitude.", where="/place")
        return Place(given.name)
    ((x, y),) = reproject_places(np.array([[given.longitude, given.latitude]]), LONLAT, STORAGE).tolist()
    return Place(given.name, round(x, 2), round(y, 2))


def at_each(name: str, given: list[Any], make: Callable[[Any], Part]) -> tuple[Part, ...]:
    """Each part made, a fault told with the pointer of its field from the root on."""
    made = []
    for place, part in enumerate(given):
        try:
            made.append(make(part))
        except Invalid as error:
            raise Invalid(
                error.message, hint=error.hint, where=f"/{name}/{place}{error.where or ''}"
            ) from error
    return tuple(made)


def must_from(given: MustIn) -> Must:
    """The checked must; a text threshold is a date, where the criterion takes one."""
    threshold: Any = given.threshold
    criterion = CRITERIA.get(given.criterion)
    if criterion and criterion.kind is Kind.DAYS and isinstance(threshold, str):
        threshold = read_date(threshold, "/threshold")
    op: Any = given.op
    return Must(given.criterion, op, threshold, given.conditional)


def building_from(given: FootprintIn) -> Building:
    """The checked building."""
    return Building(given.width_m, given.depth_m, given.set_back_m, given.count)


def wish_from(given: WishIn) -> Wish:
    """The checked wish; points that are there but empty are refused, not filled in."""
    if given.points is not None and not given.points:
        raise Invalid("The points are empty.", hint="Leave `points` out for the default.", where="/points")
    weight: Any = given.weight
    points: Any = tuple(tuple(point) for point in given.points or ())
    return Wish(given.criterion, points, weight, given.conditional)


def read_date(text: str, where: str) -> date:
    """A calendar day written as 2027-06-30."""
    try:
        if len(text) == len("2027-06-30"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid(f"{text!r} is no date.", hint="Write a date as 2027-06-30.", where=where)


def refused(error: ValidationError, values: Any, root: type[BaseModel] = NeedIn) -> Invalid:
    """The first fault that the root model found, with what is allowed in its place."""
    fault = error.errors(include_url=False)[0]
    pointer = pointer_into(values, fault["loc"])
    if fault["type"] == "extra_forbidden":
        name = str(fault["loc"][-1])
        return Invalid(
            f"There is no field {name!r}.",
            hint=f"Fields here: {', '.join(fields_at(fault['loc'], root))}.",
            where=pointer,
        )
    if fault["type"] == "missing":
        return Invalid(
            f"The field {fault['loc'][-1]!r} is missing.", hint="It has no default.", where=pointer
        )
    return Invalid(
        f"{pointer or 'The need'}: {fault['msg']}.",
        hint="GET /api/match/schema shows the form and examples.",
        where=pointer,
    )


def pointer_into(values: Any, location: tuple[int | str, ...]) -> str:
    """The JSON pointer of a fault; what the model adds to a location to name a variant is left out."""
    pointer = ""
    for place, part in enumerate(location):
        is_last = place == len(location) - 1
        if isinstance(values, dict) and (part in values or is_last):
            values = values.get(part)
        elif isinstance(values, list) and isinstance(part, int) and part < len(values):
            values = values[part]
        else:
            break
        pointer += "/" + str(part).replace("~", "~0").replace("/", "~1")
    return pointer


def fields_at(location: tuple[int | str, ...], root: type[BaseModel]) -> list[str]:
    """The fields that the part at a location may have."""
    parts: dict[int | str, type[BaseModel]] = {
        "needs": NeedIn,
        "musts": MustIn,
        "wishes": WishIn,
        "place": PlaceIn,
        "footprints": FootprintIn,
    }
    around = [parts[part] for part in location[:-1] if part in parts]
    return list((around or [root])[-1].model_fields)
