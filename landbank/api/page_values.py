"""A criterion's values in words: what a plot holds, and what was asked for, each with its unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from landbank.api.i18n import N_, NO_BREAK_SPACE, Words
from landbank.api.page_labels import label_text, use_text
from landbank.codelists import municipalities, terms
from landbank.domain.codes import AccessMethod
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Op
from landbank.domain.explain import Held
from landbank.domain.need import Must, Wish

Card = Mapping[str, Any]

HECTARES = ("area_m2", "net_area_m2", "largest_part_m2")
DISTANCES = ("motorway_m", "rail_m", "port_m", "airport_m")
RENT = "lease_sek_per_m2_year"
ONE_DECIMAL = frozenset(
    (
        "motorway_min",
        "rail_min",
        "port_min",
        "airport_min",
        "place_km",
        "slope_percent",
        "floor_share_percent",
    )
)

HELD: Mapping[str, str] = {
    "owner_kind": N_("ägare: %(value)s"),
    "environment_class": N_("miljöklass %(value)s"),
    "ground_kind": N_("jordart: %(value)s"),
    "net_area_m2": N_("%(value)s säljbar mark"),
    "power_mw": N_("%(value)s el"),
    "motorway_m": N_("%(value)s till motorvägsmot"),
    "rail_m": N_("%(value)s till järnvägsterminal"),
    "port_m": N_("%(value)s till hamn"),
    "airport_m": N_("%(value)s till flygplats"),
    "dwelling_distance_m": N_("%(value)s till närmaste bostad"),
    "height_max_m": N_("högst %(value)s höga byggnader"),
    "floor_area_m2": N_("byggrätt %(value)s bruttoarea"),
    "largest_part_m2": N_("%(value)s sammanhängande mark"),
    "lease_sek_per_m2_year": N_("%(value)s i avgift"),
    "motorway_min": N_("%(value)s på väg till motorvägsmot"),
    "rail_min": N_("%(value)s på väg till järnvägsterminal"),
    "port_min": N_("%(value)s på väg till hamn"),
    "airport_min": N_("%(value)s på väg till flygplats"),
    "place_km": N_("%(value)s fågelvägen till platsen"),
    "floor_share_percent": N_("byggrätt %(value)s av tomtarean"),
    "slope_percent": N_("%(value)s lutning"),
    "confirmed_days": N_("%(value)s sedan uppgifterna bekräftades"),
}
"""How an amount stands in a sentence, where its unit doesn't say it all."""

CLAIMS: Mapping[str, tuple[str, str]] = {
    "water": (N_("vatten vid tomtgräns"), N_("inget vatten vid tomtgräns")),
    "sewer": (N_("avlopp vid tomtgräns"), N_("inget avlopp vid tomtgräns")),
    "district_heating": (N_("fjärrvärme vid tomtgräns"), N_("ingen fjärrvärme vid tomtgräns")),
    "fibre": (N_("fiber vid tomtgräns"), N_("ingen fiber vid tomtgräns")),
    "gas": (N_("gas vid tomtgräns"), N_("ingen gas vid tomtgräns")),
    "cooling": (N_("fjärrkyla vid tomtgräns"), N_("ingen fjärrkyla vid tomtgräns")),
    "hydrogen": (N_("vätgas vid tomtgräns"), N_("ingen vätgas vid tomtgräns")),
    "siding": (N_("stickspår till tomten"), N_("inget stickspår till tomten")),
    "restrictions": (N_("en begränsning hindrar byggande"), N_("inget hindrar byggande")),
}

NAMES: Mapping[str, str] = {
    "area_m2": N_("storlek"),
    "net_area_m2": N_("säljbar yta"),
    "use": N_("tillåten användning"),
    "power_mw": N_("eleffekt"),
    "price_sek_per_m2": N_("pris"),
    "motorway_m": N_("avstånd till motorvägsmot"),
    "rail_m": N_("avstånd till järnvägsterminal"),
    "port_m": N_("avstånd till hamn"),
    "airport_m": N_("avstånd till flygplats"),
    "ready_by": N_("när tomten är byggklar"),
    "planning_state": N_("planläge"),
    "label": N_("status"),
    "municipality": N_("kommun"),
    "tenure": N_("upplåtelseform"),
    "water": N_("vatten"),
    "sewer": N_("avlopp"),
    "district_heating": N_("fjärrvärme"),
    "fibre": N_("fiber"),
    "gas": N_("gas"),
    "dwelling_distance_m": N_("avstånd till bostäder"),
    "height_max_m": N_("byggnadshöjd"),
    "floor_area_m2": N_("byggrätt"),
    "restrictions": N_("begränsningar"),
    "largest_part_m2": N_("sammanhängande yta"),
    "price_basis": N_("pris räknat på"),
    "lease_sek_per_m2_year": N_("årlig avgift"),
    "motorway_min": N_("restid till motorvägsmot"),
    "rail_min": N_("restid till järnvägsterminal"),
    "port_min": N_("restid till hamn"),
    "airport_min": N_("restid till flygplats"),
    "place_km": N_("avstånd till platsen"),
    "siding": N_("stickspår"),
    "available_by": N_("när tomten kan tillträdas"),
    "readiness": N_("byggklarhet"),
    "cooling": N_("fjärrkyla"),
    "hydrogen": N_("vätgas"),
    "environment_class": N_("miljöklass"),
    "floor_share_percent": N_("byggrätt av tomtarean"),
    "slope_percent": N_("lutning"),
    "ground_kind": N_("jordart"),
    "flood_class": N_("översvämning"),
    "owner_kind": N_("ägare"),
    "confirmed_days": N_("hur färska uppgifterna är"),
}
"""What a criterion is called in the middle of a sentence."""

IN_TIME: Mapping[str, str] = {
    "ready_by": N_("byggklar i tid"),
    "available_by": N_("tillträde i tid"),
}
"""A criterion of days that is met."""


def name_of(criterion: str, words: Words) -> str:
    """What a criterion is called in the middle of a sentence."""
    return words.gettext(NAMES[criterion])


def amount_text(criterion: str, amount: float, words: Words, *, exactly: bool = False) -> str:
    """An amount with its unit; `exactly` with so many digits that it differs from a limit it just misses."""
    if criterion in HECTARES:
        return f"{words.number(amount / 10_000, 4)}{NO_BREAK_SPACE}ha" if exactly else words.hectares(amount)
    if criterion in DISTANCES:
        return f"{words.number(amount / 1000, 3)}{NO_BREAK_SPACE}km" if exactly else words.kilometres(amount)
    plain: Mapping[str, Callable[[float], str]] = {
        "power_mw": words.megawatts,
        "price_sek_per_m2": words.price,
        "floor_area_m2": words.square_metres,
        "dwelling_distance_m": words.metres,
        "height_max_m": words.metres,
        "confirmed_days": partial(days_text, words),
        RENT: partial(rent_text, words),
        **{name: partial(unit_text, words, name) for name in ONE_DECIMAL},
    }
    if exactly or criterion not in plain:
        unit = CRITERIA[criterion].unit or ""
        return f"{words.number(amount, 3)}{NO_BREAK_SPACE}{unit}"
    return plain[criterion](amount)


def days_text(words: Words, days: float) -> str:
    """So many days."""
    told = words.ngettext("%(number)s dag", "%(number)s dagar", round(days))
    return (told % {"number": words.number(days, 0)}).replace(" ", NO_BREAK_SPACE)


def rent_text(words: Words, rent: float) -> str:
    """A yearly rent per square metre."""
    told = words.gettext("%(amount)s kr/m² om året").replace(" ", NO_BREAK_SPACE, 1)
    return told % {"amount": words.number(rent, 1)}


def unit_text(words: Words, criterion: str, amount: float) -> str:
    """An amount with at most one decimal and the criterion's unit."""
    return f"{words.number(amount, 1)}{NO_BREAK_SPACE}{CRITERIA[criterion].unit}"


def span_text(criterion: str, low: float | None, high: float | None, words: Words) -> str:
    """A span of amounts, either end open."""
    if low is None:
        return words.gettext("högst %(value)s") % {"value": amount_text(criterion, high or 0.0, words)}
    if high is None:
        return words.gettext("minst %(value)s") % {"value": amount_text(criterion, low, words)}
    first, second = amount_text(criterion, low, words), amount_text(criterion, high, words)
    number, unit = first.rsplit(NO_BREAK_SPACE, 1)
    return f"{number}–{second}" if second.endswith(unit) else f"{first}–{second}"


def codes_text(criterion: str, codes: Iterable[str], words: Words) -> str:
    """Codes as their labels, in the order given."""
    if criterion == "use":
        texts = [use_text(code, words.language) for code in codes]
    elif criterion == "municipality":
        known = municipalities()
        texts = [known[code].name if code in known else code for code in codes]
    else:
        named = terms("public_label" if criterion == "label" else criterion)
        texts = [named[code].label(words.language) for code in codes]
    return ", ".join(texts)


def wanted_text(part: Must | Wish, words: Words) -> str:
    """What was asked for: 'högst 3 km', '5–15 ha', 'Industri (J)'."""
    if isinstance(part, Wish):
        return wished_text(part, words)
    threshold = part.threshold
    if part.op is Op.IS:
        return words.gettext(CLAIMS[part.criterion][0 if threshold else 1])
    if isinstance(threshold, tuple) and part.op in (Op.ANY_OF, Op.NONE_OF):
        listed = codes_text(part.criterion, (str(code) for code in threshold), words)
        return words.gettext("inte %(value)s") % {"value": listed} if part.op is Op.NONE_OF else listed
    if part.criterion in IN_TIME:
        return words.gettext(IN_TIME[part.criterion])
    if isinstance(threshold, tuple):
        return span_text(part.criterion, float(threshold[0]), float(threshold[1]), words)
    bound = float(threshold)  # type: ignore[arg-type] # a date stands only under days
    least, most = (bound, None) if part.op is Op.AT_LEAST else (None, bound)
    return span_text(part.criterion, least, most, words)


def wished_text(wish: Wish, words: Words) -> str:
    """What gives a wish full points."""
    best = [x for x, v in wish.points if v >= max(value for _, value in wish.points)]
    if wish.criterion in IN_TIME:
        return words.gettext(IN_TIME[wish.criterion])
    if CRITERIA[wish.criterion].is_numeric:
        amounts = [float(x) for x in best]
        rises, falls = wish.points[0][1] < 1, wish.points[-1][1] < 1
        return span_text(
            wish.criterion, min(amounts) if rises else None, max(amounts) if falls else None, words
        )
    if isinstance(best[0], bool):
        return words.gettext(CLAIMS[wish.criterion][0 if best[0] else 1])
    return codes_text(wish.criterion, (str(code) for code in best), words)


def held_text(criterion: str, held: Held, card: Card, words: Words) -> str | None:
    """What a plot holds, as it stands in a sentence; None where it is not known at all."""
    if criterion == "label":
        return label_text(card, words)
    if criterion == "ready_by":
        return ready_text(held, card, words)
    if criterion == "available_by":
        return free_text(held, words)
    if held.value is None:
        return bounds_text(criterion, held, words)
    if criterion in DISTANCES and isinstance(held.value, int | float):
        return distance_text(criterion, held.value, card, words)
    return value_text(criterion, held.value, words)


def distance_text(criterion: str, distance_m: float, card: Card, words: Words) -> str:
    """A distance as it stands in a sentence, which says where it is the straight line: the road is longer."""
    text = amount_text(criterion, distance_m, words)
    if card[f"{criterion.removesuffix('_m')}_method"] == AccessMethod.CROW_FLY:
        text = words.gettext("%(value)s fågelvägen") % {"value": text}
    return in_sentence(criterion, text, words)


def value_text(criterion: str, value: float | str | bool | tuple[str, ...], words: Words) -> str:
    """A known value as it stands in a sentence."""
    if isinstance(value, bool):
        return words.gettext(CLAIMS[criterion][0 if value else 1])
    if isinstance(value, str | tuple):
        codes = (value,) if isinstance(value, str) else value
        told = codes_text(criterion, codes, words)
        return in_sentence(criterion, told, words) if told else words.gettext("ingenting")
    if criterion == "power_mw" and value == 0:
        return words.gettext("ingen utlovad eleffekt")
    return in_sentence(criterion, amount_text(criterion, value, words), words)


def in_sentence(criterion: str, text: str, words: Words) -> str:
    """An amount with the words around it."""
    return words.gettext(HELD[criterion]) % {"value": text} if criterion in HELD else text


def bounds_text(criterion: str, held: Held, words: Words) -> str | None:
    """What is known of an amount that is not known exactly; None for nothing."""
    if held.low is None and held.high is None:
        return None
    if held.low == 0 and held.high is None:
        return None
    return in_sentence(criterion, span_text(criterion, held.low, held.high, words), words)


def free_text(held: Held, words: Words) -> str | None:
    """When the plot can be taken over, set against the day that it is needed."""
    if not isinstance(held.value, int | float):
        return None
    if held.value <= 0:
        return words.gettext("tillträde i tid")
    late = words.ngettext(
        "tillträde %(days)s dag för sent", "tillträde %(days)s dagar för sent", int(held.value)
    )
    return late % {"days": words.number(held.value, 0)}


def ready_text(held: Held, card: Card, words: Words) -> str | None:
    """When the plot can be built on, set against the day that it is needed."""
    if held.value is None or not isinstance(held.value, int | float):
        return None
    if held.value <= 0:
        return words.gettext("byggklar i tid")
    late = words.ngettext(
        "byggklar %(days)s dag för sent", "byggklar %(days)s dagar för sent", int(held.value)
    )
    text = late % {"days": words.number(held.value, 0)}
    return f"{text} ({words.day(card['ready_on'])})" if card["ready_on"] else text
