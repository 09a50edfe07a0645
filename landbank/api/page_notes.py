"""What stands beside each field that is filled in: what its must excludes, or its value curve and what it weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from landbank.api import form_fields as ff
from landbank.api.advice_words import AdviceWords
from landbank.api.i18n import Words
from landbank.api.need_form import NeedForm
from landbank.api.page_values import amount_text, name_of
from landbank.charts import value_curve
from landbank.domain.advice.trade_offs import trade_offs
from landbank.domain.criteria import CRITERIA
from landbank.domain.effects import MustEffect
from landbank.domain.need import Need, Wish
from landbank.domain.wishes import shares
from landbank.services.check_fit import FitCheck


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of a field: sentences, and the curve with its points in words."""

    texts: tuple[str, ...]
    curve: Markup | None = None
    points: str = ""


def notes_of(
    form: NeedForm,
    need: Need,
    effects: Sequence[MustEffect],
    say: AdviceWords,
    fit: FitCheck | None = None,
) -> dict[str, Note]:
    """The notes by field, of those that are filled in; `fit` is what was judged of the buildings."""
    weights = dict(zip((wish.criterion for wish in need.wishes), shares(need), strict=True))
    worth = {one.criterion: say.trade_off(one) for one in trade_offs(need)}
    found = {} if fit is None else {ff.BUILDING.name: Note((say.fit_check(fit),))}
    for one in ff.FIELDS:
        wishes = [wish for wish in need.wishes if wish.criterion in one.criteria]
        if not form.asks_for(one.name) or not one.criteria:
            continue
        if form.strength(one.name) == ff.MUST:
            told = [
                excluded(effect, say.words) for effect in effects if effect.must.criterion in one.criteria
            ]
            found[one.name] = Note(tuple(dict.fromkeys(told)))
        elif wishes:
            share = sum(weights[wish.criterion] for wish in wishes)
            texts = [say.words.gettext("Väger %(share)s av poängen.") % {"share": say.words.percent(share)}]
            texts += [worth[wish.criterion] for wish in wishes if wish.criterion in worth]
            found[one.name] = Note(tuple(texts), *curve_of(wishes[0], say.words))
    return found


def excluded(effect: MustEffect, words: Words) -> str:
    """How many plots a must keeps out, alone or with others, and of how many it is unknown."""
    if not effect.fails:
        told = words.gettext("Stänger inte ute någon tomt")
    else:
        told = words.ngettext(
            "Stänger ute %(number)s tomt", "Stänger ute %(number)s tomter", effect.fails
        ) % {"number": words.number(effect.fails, 0)}
    if effect.only_this_excludes:
        told += words.gettext(", varav %(number)s bara för detta") % {
            "number": words.number(effect.only_this_excludes, 0)
        }
    if effect.unknown:
        told += words.gettext("; okänt för %(number)s") % {"number": words.number(effect.unknown, 0)}
    return f"{told}."


def curve_of(wish: Wish, words: Words) -> tuple[Markup | None, str]:
    """The value curve of a wish for an amount, and its points in words; nothing for codes and claims."""
    if not CRITERIA[wish.criterion].is_numeric:
        return None, ""
    points = [(float(x), v) for x, v in wish.points]
    names = [amount_of(wish.criterion, x, words) for x, _ in points]
    told = ", ".join(
        words.gettext("%(share)s vid %(amount)s") % {"share": words.percent(v), "amount": name}
        for name, (_, v) in zip(names, points, strict=True)
    )
    text = words.gettext("Poäng: %(points)s; rakt däremellan.") % {"points": told}
    drawn = value_curve(
        points,
        key=f"kurva-{wish.criterion}",
        title=words.gettext("Värdekurva för %(name)s") % {"name": name_of(wish.criterion, words)},
        description=text,
        names=names
        if len(names) <= 2
        else ["" if 0 < i < len(names) - 1 else n for i, n in enumerate(names)],
    )
    return Markup(drawn), text  # noqa: S704 - landbank.charts escapes every text


def amount_of(criterion: str, amount: float, words: Words) -> str:
    """An amount on the curve; days late as days."""
    if criterion != "ready_by":
        return amount_text(criterion, amount, words)
    if amount <= 0:
        return words.gettext("i tid")
    told = words.ngettext("%(number)s dag för sent", "%(number)s dagar för sent", round(amount))
    return told % {"number": words.number(amount, 0)}
