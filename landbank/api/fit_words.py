"""Whether buildings fit, in sentences and as a drawing: the same on the page, in the API and in the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from landbank.api.i18n import N_, NO_BREAK_SPACE, Words
from landbank.charts import Ground, ground_plan
from landbank.domain.building import Building
from landbank.domain.fit.footprint import FitAnswer, Proof, Reason
from landbank.services.check_fit import FitCheck, FitVerdict, PlotFit
from landbank.services.fit_document import Drawn, fit_drawing
from landbank.services.fit_plots import FittedPlot

NO_OUTLINE = "no_outline"
UNKNOWN: Mapping[str, str] = {
    NO_OUTLINE: N_("Okänt om %(size)s får plats: tomten har ingen inritad gräns. Fråga kommunen."),
    "too_many_corners": N_("Okänt om %(size)s får plats: tomtens gräns har för många hörn för att prövas."),
    "past": N_("Okänt om %(size)s får plats: det prövas bara mot dagens gränser."),
}
ANSWERS: Mapping[FitVerdict, str] = {
    FitVerdict.FITS: N_("Får plats: %(size)s."),
    FitVerdict.BORDERLINE: N_("På gränsen: %(size)s får plats på några centimeter när. Mät in tomten först."),
    FitVerdict.UNDECIDED: N_("Varken visat eller motbevisat att %(size)s får plats tillsammans."),
}
REFUSALS: Mapping[Reason, str] = {
    Reason.AREA: N_(
        "Får inte plats: %(size)s behöver %(needed)s m², den sammanhängande marken är %(found)s m²."
    ),
    Reason.DIAGONAL: N_(
        "Får inte plats: %(size)s är %(needed)s m tvärs över, marken som längst %(found)s m."
    ),
}


def size_text(buildings: Sequence[Building], words: Words) -> str:
    """The buildings in a few words: '120 × 80 m och 2 st 30 × 20 m, minst 6 m från gränsen'."""
    sizes = []
    for one in buildings:
        size = f"{words.number(one.width_m, 1)} × {words.number(one.depth_m, 1)}{NO_BREAK_SPACE}m"
        told = words.gettext("%(number)s st %(size)s") % {"number": one.count, "size": size}
        sizes.append(size if one.count == 1 else told)
    text = sizes[0]
    if len(sizes) > 1:
        joined = words.gettext("%(first)s och %(last)s")
        text = joined % {"first": ", ".join(sizes[:-1]), "last": sizes[-1]}
    distances = sorted({one.set_back_m for one in buildings})
    if distances == [0.0]:
        return text
    told_distances = "–".join(words.number(one, 1) for one in distances)
    return words.gettext("%(size)s, minst %(distance)s m från gränsen") % {
        "size": text,
        "distance": told_distances,
    }


def fit_text(judged: PlotFit, buildings: Sequence[Building], words: Words) -> str:
    """Whether the buildings fit on one plot, and why not."""
    size = size_text(buildings, words)
    if judged.verdict is FitVerdict.UNKNOWN:
        return words.gettext(UNKNOWN[judged.because or NO_OUTLINE]) % {"size": size}
    if judged.verdict is not FitVerdict.DOES_NOT_FIT:
        return words.gettext(ANSWERS[judged.verdict]) % {"size": size}
    return refusal_text(judged.fitted, size, words)


def refusal_text(fitted: FittedPlot | None, size: str, words: Words) -> str:
    """Why there is no place: by the numbers where these say it, else that every angle was ruled out."""
    together = fitted.together if fitted else None
    proof = next((one.proof for one in together.alone if one.proof), None) if together else None
    if together is not None and proof is None and together.answer is FitAnswer.DOES_NOT_FIT:
        proof = Proof(Reason.AREA, needed=together.needed_m2, found=together.found_m2)
    if proof is not None and proof.reason in REFUSALS and proof.needed and proof.found is not None:
        return words.gettext(REFUSALS[proof.reason]) % {
            "size": size,
            "needed": words.number(proof.needed, 0),
            "found": words.number(proof.found, 0),
        }
    if proof is not None and proof.reason is Reason.NO_GROUND:
        return words.gettext("Får inte plats: avståndet till gränsen lämnar ingen mark för %(size)s.") % {
            "size": size
        }
    return words.gettext("Får inte plats: det är bevisat att %(size)s inte ryms i någon vinkel.") % {
        "size": size
    }


def check_text(check: FitCheck, words: Words) -> str:
    """How many plots were judged, and how that went; and how many were not."""
    judged = words.ngettext(
        "%(size)s är prövat på %(number)s tomt: får plats på %(fits)s, får inte plats på %(not)s.",
        "%(size)s är prövat på de %(number)s första tomterna: får plats på %(fits)s, får inte plats på %(not)s.",
        len(check.by_plot),
    ) % {
        "size": size_text(check.buildings, words),
        "number": words.number(len(check.by_plot), 0),
        "fits": words.number(check.count(FitVerdict.FITS), 0),
        "not": words.number(check.count(FitVerdict.DOES_NOT_FIT), 0),
    }
    parts = [judged]
    unsure = len(check.by_plot) - check.count(FitVerdict.FITS) - check.count(FitVerdict.DOES_NOT_FIT)
    if unsure:
        parts.append(words.gettext("Osäkert på %(number)s.") % {"number": words.number(unsure, 0)})
    if check.not_judged:
        told = words.ngettext(
            "%(number)s tomt till är inte prövad.",
            "%(number)s tomter till är inte prövade.",
            check.not_judged,
        )
        parts.append(told % {"number": words.number(check.not_judged, 0)})
    return " ".join(parts)


def fit_picture(judged: PlotFit, text: str, words: Words) -> Markup | None:
    """The plot from above with the buildings where they fit; None where there is no outline."""
    drawn = fit_drawing(judged.fitted) if judged.fitted else []
    if not drawn or judged.fitted is None:
        return None
    return picture_of(drawn, f"mark-{judged.fitted.plot.plot_id}", text, words)


def picture_of(drawn: Sequence[Drawn], key: str, text: str, words: Words) -> Markup:
    """Shapes from above."""
    made = ground_plan(
        [Ground(one.role, rings_of(one.shape)) for one in drawn],
        key=key,
        title=words.gettext("Marken sedd uppifrån, norr uppåt"),
        description=text,
    )
    return Markup(made)  # noqa: S704 - landbank.charts escapes every text


def rings_of(shape: BaseGeometry) -> tuple[list[tuple[float, float]], ...]:
    """All rings of a shape's polygons, to a tenth of a metre."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return tuple(
        [(round(float(x), 1), round(float(y), 1)) for x, y in shapely.get_coordinates(ring)] for ring in rings
    )
