"""Advice in sentences, by hand, in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from landbank.api.advice_phrases import Phrases, grain_of, loosened, rounded
from landbank.api.advice_words import AdviceWords
from landbank.api.i18n import Language
from landbank.api.languages import words_in
from landbank.domain.advice.advise import advise
from landbank.domain.columns import columns_of
from landbank.domain.criteria import CRITERIA
from landbank.domain.match import answer_of, assess
from landbank.domain.need import Must, Need, Wish
from landbank.domain.parties import Party
from landbank.domain.plot_name import PlotName
from landbank.services.advice_document import advised_document
from landbank.services.advise_match import Advised, spoken_of
from landbank.services.match_need import Matched

DAY = date(2026, 11, 23)
PRICE = Wish("price_sek_per_m2", ((200, 1), (1_200, 0)), "decisive")
ROAD = Wish("motorway_m", ((1_000, 1), (11_000, 0)), "useful")


def told(need: Need, *plots: dict[str, Any], language: Language = Language.SV) -> Any:
    """The full answer over plots numbered from 1 and called A, B, C ...; spaces that don't break as plain ones."""
    columns = columns_of([{"plot_id": n, **facts} for n, facts in enumerate(plots, 1)], day=DAY)
    found = assess(need, columns, on=DAY)
    answer = answer_of(found)
    advice = advise(found, answer, seed=1)
    names = {
        plot_id: PlotName(f"X {plot_id}:1", chr(64 + plot_id), "1480", "Göteborg", None)
        for plot_id in spoken_of(answer.matches, advice, None)
    }
    say = AdviceWords(words_in(language), answer.need, DAY, names)
    return plain(advised_document(Advised(Matched(answer, names), advice, 1), say))


def plain(value: Any) -> Any:
    """The same with ordinary spaces."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value.replace("\u00a0", " ").replace("\u202f", " ") if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Language.SV, "Ingen tomt förenar minst 10 MW el senast 2028-01-01 och högst 10 km till hamn."),
        (
            Language.EN,
            "No plot combines at least 10 MW of electric power by 2028-01-01 and at most 10 km to port.",
        ),
    ],
)
def test_conflict_says_what_no_plot_combines(language: Language, text: str) -> None:
    need = Need((Must("power_mw", ">=", 10), Must("port_m", "<=", 10_000)), date=date(2028, 1, 1))
    plots = (
        {"power": [(None, 12.0, True)], "port_m": 40_000.0},
        {"power": [(None, 2.0, True)], "port_m": 9_000.0},
    )
    assert [one["text"] for one in told(need, *plots, language=language)["conflicts"]["sets"]] == [text]


def test_relaxations_say_steps_and_what_they_gain() -> None:
    need = Need((Must("area_m2", ">=", 50_000), Must("fibre", "is", True), Must("use", "any_of", ("J",))))
    plots = (
        *({"area_m2": area, "has_fibre": True, "use": ["J"]} for area in (46_000, 44_000, 42_000)),
        {"area_m2": 60_000.0, "has_fibre": False, "use": ["J"]},
        {"area_m2": 60_000.0, "has_fibre": True, "use": ["K"]},
    )
    answer = told(need, *plots)
    assert [one["text"] for one in answer["relaxations"]["sets"]] == [
        "Minst 4,6 ha mark i stället för minst 5 ha mark: 1 tomt till; minst 4,2 ha: 3.",
        "Utan kravet på fiber vid tomtgräns: 1 tomt till.",
    ]
    assert [one["text"] for one in answer["relaxations"]["legal"]] == [
        "Avgörs av plan eller lag: tillåten användning Industri (J). 1 tomt faller bara på det."
    ]


def test_near_miss_says_both_sides() -> None:
    need = Need(
        (Must("power_mw", ">=", 10), Must("planning_state", "any_of", ("laga_kraft",))), date=date(2028, 1, 1)
    )
    steps = [(None, 2.0, True), (date(2029, 1, 1), 10.0, True)]
    (one,) = told(need, {"power": steps, "planning_state": "samrad"}, language=Language.EN)["matches"]
    assert [change["text"] for change in one["near_miss"]["changes"]] == [
        (
            "You asked for at least 10 MW of electric power by 2028-01-01 and could settle for at least 2 MW of electric"
            " power by 2028-01-01, or the owner of the network could change that (expected 2029-01-01)."
        ),
        (
            "You asked for planning In force, which can’t be relaxed; the municipality as planning authority can change"
            " that."
        ),
    ]


def test_trade_offs_counterfactuals_and_sureness_are_said() -> None:
    need = Need(wishes=(PRICE, ROAD))
    answer = told(
        need,
        {"price_sek_per_m2": 300.0, "motorway_m": 2_000.0},
        {"price_sek_per_m2": 400.0, "motorway_m": 3_000.0},
    )
    assert answer["trade_offs"][0]["text"] == (
        "Era vikter säger att 1 km närmare motorvägsmot är värt 25 kr/m². Stämmer det?"
    )
    assert answer["robustness"]["text"] == (
        "A är först i omkring 100 % av fallen när vikter och okända värden varieras: förstaplatsen är stabil."
    )
    assert answer["robustness"]["stability"][0]["text"] == "A är först hur mycket eller litet pris än väger."
    second = answer["matches"][1]
    # S_1 - S_2 = 80 * 0.1 + 20 * 0.1 = 10 points, which the price alone makes up with 0.125 v: 125 kr/m².
    assert [one["text"] for one in second["counterfactuals"]] == [
        "Skulle vara först med ett pris på 275 kr/m² (125 kr/m² lägre pris). Markägaren kan ändra det."
    ]
    assert second["dominated_by"]["text"] == (
        "A är minst lika bra på allt ni frågat efter och bättre på pris och avstånd till motorvägsmot."
    )


def test_question_says_whom_to_ask_and_what_the_answer_decides() -> None:
    need = Need((Must("fibre", "is", True),), (PRICE,))
    known = [{"price_sek_per_m2": 300.0 + n, "has_fibre": True} for n in range(4)]
    answer = told(need, *known, {"price_sek_per_m2": 250.0})
    assert answer["ask_first"]["text"] == (
        "Fråga nätägaren om E: fiber. Är svaret bra är tomten bland de tre första i omkring 100 % av fallen, annars"
        " faller den bort."
    )


def test_wishes_that_go_together_are_warned_of() -> None:
    wishes = (ROAD, Wish("port_m", ((1_000, 1), (11_000, 0)), "nice"))
    plots = [{"motorway_m": 1_000.0 + 500 * n, "port_m": 1_500.0 + 500 * n} for n in range(12)]
    (one,) = told(Need(wishes=wishes), *plots)["alike"]
    assert one["text"] == (
        "Avstånd till motorvägsmot och avstånd till hamn följs åt i inventeringen (korrelation 1): samma sak väger"
        " två gånger."
    )


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("criterion", CRITERIA)
def test_every_criterion_can_be_spoken_of(criterion: str, language: Language) -> None:
    phrases = Phrases(words_in(language), date(2028, 1, 1), DAY)
    one = CRITERIA[criterion]
    threshold: Any = {"any_of": [str(code) for code in one.codes[:2]] or ["1480"], "is": True}.get(
        one.operators[0], 5.0
    )
    assert phrases.must(Must(criterion, one.operators[0], threshold))
    if one.is_numeric:
        assert phrases.step(criterion, -3.0) != phrases.step(criterion, 3.0)


def test_every_party_has_a_name_in_both_languages() -> None:
    for language in Language:
        names = [Phrases(words_in(language), DAY, DAY).parties([party]) for party in Party]
        assert len(set(names)) == len(Party)


@pytest.mark.parametrize(
    ("criterion", "amount", "up", "shown"),
    [
        ("area_m2", 45_873, False, 45_000),
        ("area_m2", 45_873, True, 46_000),
        ("area_m2", 12_345, False, 12_300),
        ("port_m", 9_049, True, 9_100),
        ("power_mw", 0.476, False, 0.47),
        ("price_sek_per_m2", 500, True, 500),
        ("price_sek_per_m2", 500.2, True, 501),
    ],
)
def test_limits_are_rounded_outward_to_what_is_shown(
    criterion: str, amount: float, up: bool, shown: float
) -> None:
    assert rounded(criterion, amount, up=up) == pytest.approx(shown)


def test_loosened_must_lets_in_all_that_the_exact_one_does() -> None:
    assert loosened(Must("area_m2", "between", (45_873, 98_765))).threshold == (45_000, 99_000)
    assert loosened(Must("port_m", "<=", 9_049)).threshold == 9_100
    exact = Must("ready_by", "<=", date(2027, 1, 2))
    assert loosened(exact) is exact
    assert grain_of("height_max_m", 3) == pytest.approx(0.1)
