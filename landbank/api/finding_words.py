"""What findings of imports and of edits are called on the pages, and what to do about them, in both languages.

The English advice is the catalogue's (landbank/exchange/findings.py), but where it speaks of options of a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbank.api.i18n import Language
from landbank.exchange.findings import CATALOGUE, Finding, Severity

WORDS: Mapping[str, tuple[str, str, str]] = {
    "no_geometry": (
        "Läge saknas", "No geometry",
        "Rita tomten, eller ange koordinater, och läs in filen igen.",
    ),
    "empty_geometry": ("Tom geometri", "Empty geometry", "Rita tomten, eller ta bort raden."),
    "unreadable_geometry": (
        "Geometrin går inte att läsa", "Unreadable geometry",
        "Öppna lagret i ett GIS, spara ytan på nytt och läs in filen igen.",
    ),
    "not_finite": (
        "Koordinater saknas", "Coordinates are not finite",
        "Ange de koordinater som är tomma eller oändliga.",
    ),
    "not_an_area": ("Ingen yta", "Not an area", "Ange tomten som en yta, en sluten linje eller en punkt."),
    "open_line": ("Öppen linje", "Open line", "Slut linjen: den sista punkten ska vara den första."),
    "no_area": ("Ytan är noll", "No area", "Se över ritningen: det som är kvar av ytan har ingen area."),
    "too_many_vertices": (
        "För många hörn", "Too many corners",
        "Förenkla gränsen; en tomt behöver sällan fler än några hundra hörn.",
    ),
    "outside_extent": (
        "Utanför området", "Outside the area",
        "Ange rätt koordinatsystem, eller rätta koordinaterna.",
    ),
    "swapped_axes": (
        "Norr och öster har bytt plats", "Axes are swapped",
        "Byt ordning på koordinaterna i filen.",
    ),
    "other_crs": (
        "Fel koordinatsystem", "Another coordinate system",
        "Ange rätt koordinatsystem och kryssa för att det gäller i stället för filens eget, eller rätta filen.",
    ),
    "missing_position": ("Läge saknas", "Position is missing", "Ange koordinaterna; 0, 0 betyder inget."),
    "no_municipality": (
        "Kommun saknas", "No municipality",
        "Välj kommun, eller ha en kolumn med kod eller namn.",
    ),
    "unknown_municipality": (
        "Okänd kommun", "Unknown municipality", "Rätta koden eller namnet. En ny kommun läggs in av driften.",
    ),
    "foreign_municipality": (
        "En annan kommuns tomt", "Another municipality's plot",
        "Lämna raden till den kommunens planerare, eller be dess administratör ge dig en roll.",
    ),
    "duplicate_geometry": (
        "Samma mark två gånger", "The same ground twice",
        "Ta bort den ena raden; två tomter kan inte vara samma mark.",
    ),
    "duplicate_reference": (
        "Samma beteckning två gånger", "The same reference twice", "Ge varje tomt en egen beteckning.",
    ),
    "repaired_geometry": (
        "Gränsen lagades", "The outline was repaired", "Jämför de två areorna och rätta gränsen där den kommer ifrån.",
    ),
    "unclosed_ring": (
        "Gränsen var inte sluten", "The ring was not closed",
        "Slut gränsen där den kommer ifrån.",
    ),
    "closed_line": (
        "Linje lästes som yta", "A closed line was taken as an area",
        "Kontrollera att linjen är tomtens gräns.",
    ),
    "parts_dropped": (
        "Punkter och linjer togs bort", "Points and lines were left out",
        "Kontrollera att de inte behövs.",
    ),
    "held_not_ended": (
        "Tomten hålls av någon och upphör inte", "Somebody holds the plot, so it does not end",
        "Släpp den först, med en ändring av läget och dess skäl.",
    ),
    "sliver": (
        "Smal remsa", "A sliver",
        "Se över ritningen: en så smal remsa är oftast ett fel där två gränser möts.",
    ),
    "overlap_in_file": (
        "Två rader överlappar", "Two rows overlap",
        "Rätta en av gränserna, så att ingen mark bjuds ut två gånger.",
    ),
    "overlap_with_plot": (
        "Överlappar en annan tomt", "Overlaps another plot",
        "Rätta en av gränserna, eller avsluta den äldre tomten.",
    ),
    "same_position": (
        "Samma läge", "The same position",
        "Kontrollera att det är två tomter och inte en som står två gånger.",
    ),
    "area_differs": (
        "Arean stämmer inte med den angivna", "The area differs from the declared one",
        "Kontrollera enheten och gränsen; den beräknade arean är den som gäller.",
    ),
    "area_implausible": (
        "Orimlig area", "Implausible area",
        "Kontrollera enheten, koordinatsystemet och gränsen.",
    ),
    "outside_municipality": (
        "Utanför kommunen", "Outside the municipality",
        "Kontrollera koordinaterna, eller kommunen.",
    ),
    "unit_unknown": (
        "Okänd enhet", "Unknown unit",
        "Skriv enheten i kolumnens namn (areal_ha) eller i profilen.",
    ),
    "value_not_understood": (
        "Värdet går inte att förstå", "Value not understood",
        "Rätta värdet. Texten sparas bredvid tomten och fältet lämnas som det är.",
    ),
    "unknown_word": (
        "Okänt ord", "Unknown word", "Lägg ordet i profilen under values, eller rätta det. Fältet lämnas som det är.",
    ),
    "text_kept": (
        "Texten sparades i stället för ett tal", "The text was kept instead of a number",
        "Ange ett tal med enhet. Texten sparas bredvid tomten och fältet lämnas som det är.",
    ),
    "record_not_understood": (
        "Uppgiften går inte att förstå", "Record not understood",
        "Skriv den som datakatalogen säger. Texten sparas bredvid tomten och fältet lämnas som det är.",
    ),
    "degree_without_use": (
        "Exploateringsgrad utan användning", "Degree without a use",
        "Lägg användningen i radens användningar, eller ta bort graden; den togs inte med.",
    ),
    "linked_contradicts": (
        "Raderna säger olika", "Rows contradict each other",
        "Skriv lika i alla rader; den första togs.",
    ),
    "out_of_range": (
        "Utanför rimliga gränser", "Out of range",
        "Rätta värdet. Texten sparas bredvid tomten och fältet lämnas som det är.",
    ),
    "control_characters": (
        "Osynliga tecken", "Invisible characters",
        "Ta bort dem där texten kommer ifrån; de togs inte med.",
    ),
    "reader_warning": ("Läsaren varnar", "The reader warns", "Se texten."),
    "disjoint_outline": (
        "Gränsen har flera delar", "The outline has several pieces",
        "Se över ritningen: en tomt är oftast ett sammanhängande stycke mark.",
    ),
    "distance_of_old_outline": (
        "Avståndet angavs för den tidigare gränsen", "The distance was stated for the outline before",
        "Mät eller fråga igen.",
    ),
    "party_without_number": (
        "Parten saknar organisationsnummer", "Party without a number",
        "Ange numret när det är känt; det skiljer parter med samma namn.",
    ),
    "height_dropped": ("Höjder togs bort", "Heights were dropped", "Inget; inventeringen är plan."),
    "point_only": (
        "Bara en punkt", "A point only",
        "Ange en gräns när den finns; area och överlapp kan inte kontrolleras förrän dess.",
    ),
    "repeated_points": (
        "Upprepade punkter", "Repeated points",
        "Inget; punkter efter varandra togs en gång.",
    ),
    "municipality_by_place": (
        "Kommunen kommer av läget", "Municipality by place",
        "Inget, eller ha en kolumn med kommun för att säga det själv.",
    ),
    "reference_is_designation": (
        "Fastigheten är beteckning", "The designation is the reference",
        "Inget, eller välj en kolumn för beteckning.",
    ),
    "reference_is_digest": (
        "Beteckningen är beräknad", "The reference is computed",
        "Ge varje tomt en beteckning som varar: när gränsen flyttas ändras den beräknade.",
    ),
    "column_not_imported": (
        "Kolumnen läses inte in", "Column not imported",
        "Peka ut kolumnen i en profil om den ska med.",
    ),
    "unit_from_geometry": (
        "Enheten kommer av geometrin", "Unit found from the geometry",
        "Skriv enheten i kolumnens namn eller i profilen.",
    ),
    "missing_from_file": (
        "Saknas i filen", "Missing from the file",
        "Inget om tomten ska vara kvar; annars kryssa för att det som saknas upphör.",
    ),
    "ended_by_import": ("Upphör", "Ends", "Inget; tomten upphör med den här importen."),
    "reader_note": ("Läsaren upplyser", "The reader notes", "Se texten."),
    "value_not_carried": (
        "Uppgiften följer inte med", "The value is not carried",
        "Ange den för de nya tomterna när den är känd.",
    ),
}  # fmt: skip
"""Name in Swedish and English, and what to do in Swedish."""

ENGLISH: Mapping[str, str] = {
    "outside_extent": "State the right coordinate system, or correct the coordinates.",
    "swapped_axes": "Change the order of the coordinates in the file.",
    "other_crs": "State the right system and tick that it holds instead of the file's own, or correct the file.",
    "no_municipality": "Choose a municipality, or have a column with the code or the name.",
    "missing_from_file": "Nothing if it is to stay; otherwise tick that what the file lacks ends.",
}
"""What to do where the catalogue speaks of options of a command."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding on a page. `text` is the figures and names, in English as the report has them."""

    code: str
    severity: str
    name: str
    what_to_do: str
    text: str
    row: int | None = None
    field: str = ""
    value: str = ""
    plot_id: int | None = None


def name_of(code: str, language: Language) -> str:
    """What a finding is called."""
    return WORDS[code][0 if language is Language.SV else 1] if code in WORDS else code


def advice_of(code: str, language: Language) -> str:
    """What to do about a finding."""
    if language is Language.SV and code in WORDS:
        return WORDS[code][2]
    known = CATALOGUE.get(code)
    return ENGLISH.get(code) or (known.what_to_do if known else "")


def finding_view(finding: Finding, language: Language) -> FindingView:
    """A finding of an edit."""
    value = finding.value or ""
    is_plot = finding.code == "overlap_with_plot" and value.isdecimal()
    return FindingView(
        finding.code,
        str(finding.severity),
        name_of(finding.code, language),
        advice_of(finding.code, language),
        finding.text,
        plot_id=int(value) if is_plot else None,
    )


def reported_view(told: Mapping[str, Any], language: Language) -> FindingView:
    """A finding of an import's report."""
    code = str(told.get("code", ""))
    return FindingView(
        code,
        str(told.get("severity", Severity.INFO)),
        name_of(code, language),
        advice_of(code, language),
        str(told.get("text", "")),
        told.get("row"),
        str(told.get("field") or ""),
        str(told.get("value") or ""),
    )
