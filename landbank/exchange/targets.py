"""The fields of a plot that a file can fill, and the words that files use for them.

The names are those of the flat view `plot_facts`. Headers are compared in plain form: small letters, å ä ö as a
a o, nothing but letters and digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from landbank.codelists.land_use import land_uses
from landbank.codelists.terms import terms

Kind = Literal[
    "text",
    "texts",
    "code",
    "codes",
    "records",
    "area",
    "length",
    "power",
    "price",
    "time",
    "share",
    "day",
    "claim",
    "municipality",
]


@dataclass(frozen=True, slots=True)
class Target:
    """One field: how its values are read, the headers that mean it, and its code list."""

    name: str
    kind: Kind
    headers: tuple[str, ...]
    code_list: str | None = None
    smallest: float | None = None
    largest: float | None = None


def plain(text: str) -> str:
    """A header or word in plain form: 'Areal (m²)' is 'arealm2'."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]", "", decomposed)


def _target(
    name: str,
    kind: Kind,
    headers: str,
    *,
    code_list: str | None = None,
    smallest: float | None = None,
    largest: float | None = None,
) -> Target:
    """A target; headers are separated by spaces and stand in plain form, the likeliest first."""
    return Target(name, kind, (plain(name), *headers.split()), code_list, smallest, largest)


DISTANCES: Mapping[str, str] = MappingProxyType(
    {"motorway": "motorvag", "rail": "jarnvag", "port": "hamn", "airport": "flyg"}
)
"""Beginnings of the fields that hold distances, with those of their short names."""

MINUTES: Mapping[str, str] = MappingProxyType(
    {"motorway": "motv", "rail": "jarnv", "port": "hamn", "airport": "flyg"}
)
"""The same of fields that hold minutes by road."""

TARGETS: Mapping[str, Target] = MappingProxyType(
    {
        target.name: target
        for target in (
            _target(
                "reference",
                "text",
                "referens tomtreferens tomtid tomtnr tomtnummer tomt plotid plotreference sitereference site siteref"
                " lasiteref beteckning objektidentitet objektid objectid uuid uuidd slug",
            ),
            _target("name", "text", "namn tomtnamn benamning sitenameaddress siteaddress nameandaddressofsite"
                    " address adress rubrik title label"),
            _target("municipality", "municipality", "kommunkod municipalitycode muncode komkod kommun kommunnamn"
                    " municipalityname munname kod lauid knkod localauthority"),
            _target("area_name", "text", "omrade omradesnamn verksamhetsomrade industriomrade park businesspark"
                    " omrnamn foretagsomrade"),
            _target("property_designations", "texts", "fastighetsbeteckning fastighet fastigheter fastbet"
                    " registerbeteckning fnamn propertydesignation"),
            _target("plan_reference", "text", "plan planreferens detaljplan planbeteckning plannr planid aktbeteckning"
                    " planningreference"),
            # The names of plans, offices and records are landbank's own alone: a column of that kind in somebody
            # else's file means something else, or names a person.
            _target("plan_name", "text", "plannamn"),
            _target("plan_kind", "code", "planslag", code_list="plan_kind"),
            _target("plan_state", "code", "planensst", code_list="planning_state"),
            _target("adopted_on", "day", "antagen antagandedatum"),
            _target("legal_force_on", "day", "lagakraft lagakraftdatum"),
            _target("implementation_starts_on", "day", "genomffra"),
            _target("implementation_ends_on", "day", "genomftil"),
            _target("plan_document_url", "text", "planurl"),
            _target("planning_state", "code", "planlage planstatus planeringslage planlaget planningstatus"
                    " planskede ngpstatus", code_list="planning_state"),
            _target("readiness", "code", "byggklarhe byggklarhet markberedskap markstatus beredskap iordningstalld",
                    code_list="readiness"),
            _target("ready_on", "day", "byggklar byggklardatum byggklarfran klardatum readydate"),
            _target("availability", "code", "status tillganglighet forsaljningsstatus saljstatus ledighet tillgang"
                    " availabilitystatus", code_list="availability"),
            _target("available_on", "day", "tilltrade ledigfran tillgangligfran tilltradesdatum availablefrom"),
            _target("availability_until", "day", "galler_til gallertil gallertill reserveradtill reserveduntil"
                    " reservationtill"),
            _target("tenures", "codes", "upplatelse upplatelseform tenure", code_list="tenure"),
            _target("owner_kind", "code", "agare agartyp markagare agandeform ownershipstatus ownership",
                    code_list="owner_kind"),
            _target("area_declared_m2", "area", "areaupp areauppg areauppgiven uppgivenarea tomtyta tomtarea yta areal"
                    " area hectares hektar storlek landarea sitearea planareal markareal", smallest=1, largest=1e11),
            _target("net_area_m2", "area", "netto nettoarea nettoyta saljbaryta netarea", smallest=1, largest=1e11),
            _target("minimum_lot_m2", "area", "minsta minstatomt minstayta minimumlot", smallest=1, largest=1e11),
            _target("is_subdividable", "claim", "delbar kandelas subdividable"),
            _target("height_max_m", "length", "hojd byggnadshojd nockhojd totalhojd hogstahojd maxheight",
                    smallest=0.1, largest=500),
            _target("height_basis", "code", "hojdbas", code_list="height_basis"),
            _target("dwelling_distance_m", "length", "bostad avstandbostad narmastebostad dwellingdistance",
                    smallest=0, largest=1e5),
            _target("environment_class", "code", "miljoklass miljoklassning provningsplikt environmentclass",
                    code_list="environment_class"),
            _target("has_rail_siding", "claim", "stickspar industrispar railsiding"),
            _target("slope_percent", "share", "lutning marklutning slope", smallest=0, largest=100),
            _target("ground_kind", "code", "jordart markforhallanden geoteknik ground soil", code_list="ground_kind"),
            _target("flood_class", "code", "oversvamn oversvamning oversvamningsrisk floodclass flood",
                    code_list="flood_class"),
            _target("use_codes", "codes", "anvandning anvandningskod andamal bestammelse planbestammelse landuse"
                    " usecode allowedelanduse", code_list="land_use"),
            _target("excluded_use_codes", "codes", "ejanvandn ejanvandning uteslutenanvandning excludeduse",
                    code_list="land_use"),
            _target("use_degrees", "records", "gradlista"),
            _target("restrictions", "records", "begrlista"),
            _target("power_mw", "power", "el effekt eleffekt elkapacitet power powercapacity effektuttag",
                    smallest=0, largest=5000),
            _target("power_max_mw", "power", "elmax maxeffekt effektmax", smallest=0, largest=5000),
            _target("power_max_on", "day", "elmaxdag elfran effektfran eldatum poweron"),
            _target("power_max_is_firm", "claim", "elfast effektgaranterad powerisfirm"),
            _target("has_water", "claim", "vatten water va"),
            _target("has_sewer", "claim", "avlopp spillvatten sewer"),
            _target("has_district_heating", "claim", "fjarrvarme districtheating"),
            _target("has_fibre", "claim", "fiber fibre bredband broadband"),
            _target("has_gas", "claim", "gas"),
            _target("has_district_cooling", "claim", "fjarrkyla districtcooling"),
            _target("has_hydrogen", "claim", "vatgas hydrogen"),
            _target("price_sek_per_m2", "price", "pris tomtpris markpris krm2 kvadratmeterpris prispermm2 price"
                    " priceskm2 pricesekm2 landprice", smallest=0, largest=1e6),
            _target("price_max_sek_per_m2", "price", "prismax hogstapris hogst", smallest=0, largest=1e6),
            _target("price_basis", "code", "prisbas prisgrund", code_list="price_basis"),
            _target("price_decided_on", "day", "prisdag prisdatum prisbeslut"),
            _target("rents", "records", "avglista"),
            *(
                _target(f"{name}_m", "length", f"{short}m", smallest=0, largest=2e6)
                for name, short in DISTANCES.items()
            ),
            *(
                _target(f"{name}_method", "code", f"{short}h", code_list="access_method")
                for name, short in DISTANCES.items()
            ),
            *(
                _target(f"{name}_min", "time", f"{short}min", smallest=0, largest=1e5)
                for name, short in MINUTES.items()
            ),
            *(
                _target(f"{name}_min_method", "code", f"{short}minh", code_list="access_method")
                for name, short in MINUTES.items()
            ),
            _target("sales_contact_title", "text", "saljfunk"),
            _target("sales_contact_email", "text", "saljepost"),
            _target("sales_contact_phone", "text", "saljtel"),
            _target("steward_title", "text", "datafunk"),
            _target("steward_email", "text", "dataepost"),
            _target("steward_phone", "text", "datatel"),
            _target("description", "text", "beskrivning beskrivnin anteckning anteckningar kommentar notes notering"
                    " notering1 anmarkning developmentdescription description siteinformation comment"),
            _target("dataset", "text", "datamangd"),
            _target("source", "text", "kalla datakalla"),
            _target("source_url", "text", "kallaurl lank url webb hemsida siteplanurl siteplan website"),
            _target("confirmed_on", "day", "bekraftad bekraftat uppdaterad senastuppdaterad kontrollerad"
                    " lastupdateddate datelastupdated updated"),
            _target("is_synthetic", "claim", "syntetisk"),
        )
    }
)  # fmt: skip
"""All fields by name."""

_KEPT = "landbank keeps it itself"
_DERIVED = "landbank derives it from other fields"
_IN_RECORDS = "it is read from the column {} of the same file"
DERIVED: Mapping[str, str] = MappingProxyType(
    {
        "plotid": _KEPT, "rank": _KEPT, "tier": _KEPT, "score": _KEPT, "rowversion": _KEPT, "version": _KEPT,
        "validfrom": _KEPT, "frandag": _KEPT, "label": _DERIVED, "lage": _DERIVED, "labelon": _DERIVED,
        "lagedag": _DERIVED, "needsconfirmation": _DERIVED, "bekrafta": _DERIVED,
        **dict.fromkeys(("restrictionkinds", "begransn", "blockingkind", "hinder"), _IN_RECORDS.format("restrictions")),
        **dict.fromkeys(("degree", "grad", "degreecode", "gradkod"), _IN_RECORDS.format("use_degrees")),
        **dict.fromkeys(("leasesekperm2year", "avgiftar", "leasebasis", "avgbas"), _IN_RECORDS.format("rents")),
        "areamethod": _DERIVED, "areametod": _DERIVED, "largestpartm2": _DERIVED, "storstam2": _DERIVED,
    }
)  # fmt: skip
"""Headers of landbank's own exports that no file can fill, with the reason."""

TRUE_WORDS = frozenset(("ja", "j", "yes", "y", "true", "sant", "sann", "1", "x", "finns"))
FALSE_WORDS = frozenset(("nej", "n", "no", "false", "falskt", "falsk", "0", "saknas"))
UNSAID_WORDS = frozenset(
    ("", "-", "--", "?", "n/a", "na", "null", "none", "nan", "okänt", "okänd", "unknown", "vet ej", "ej känt")
)
"""Texts that say nothing, as an empty cell does."""

_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "planning_state": {
            "lagakraft": "laga_kraft", "lagakraftvunnen": "laga_kraft", "vunnenlagakraft": "laga_kraft",
            "gallande": "laga_kraft", "inforce": "laga_kraft", "legalforce": "laga_kraft",
            "utstallning": "granskning", "adopted": "antagen", "antaget": "antagen",
            "overprovas": "overklagad", "appealed": "overklagad", "consultation": "samrad", "review": "granskning",
            "started": "paborjad", "pagaende": "paborjad", "planuppdrag": "paborjad", "oversiktsplan": "op",
            "utpekad": "op", "unplanned": "oplanerad", "repealed": "upphavd",
        },
        "readiness": {
            "raw": "ramark", "rawland": "ramark", "underutbyggnad": "under_utbyggnad", "underarbete": "under_utbyggnad",
            "iordningstalld": "byggklar", "ready": "byggklar", "serviced": "byggklar", "built": "bebyggd",
        },
        "availability": {
            "tillsalu": "ledig", "tillganglig": "ledig", "available": "ledig", "forsale": "ledig", "ledignu": "ledig",
            "reservation": "reserverad", "reserved": "reserverad", "sold": "sald", "upplaten": "sald",
            "avtal": "avtalad", "undercontract": "avtalad", "coming": "kommande", "planerad": "kommande",
            "notforsale": "ej_till_salu", "intresseanmalan": "intresse", "allotted": "markanvisad",
            "markanvisning": "markanvisad",
        },
        "tenure": {
            "kop": "forsaljning", "frikop": "forsaljning", "aganderatt": "forsaljning",
            "sale": "forsaljning", "freehold": "forsaljning", "leasehold": "tomtratt",
            "arrende": "anlaggningsarrende",
        },
        "owner_kind": {
            "kommunen": "kommun", "kommunal": "kommun", "municipal": "kommun", "municipality": "kommun",
            "statlig": "stat", "staten": "stat", "state": "stat", "privatagd": "privat", "private": "privat",
            "foretag": "bolag", "company": "bolag", "localauthority": "kommun",
        },
        "ground_kind": {"fast": "moran", "fastmark": "moran", "rock": "berg", "clay": "lera", "grus": "sand",
                        "sandgrus": "sand", "fyllnad": "fyllning", "fyll": "fyllning"},
        "flood_class": {"ingen": "utanfor", "nej": "utanfor", "skyfall": "lagpunkt", "bluespot": "lagpunkt",
                        "100ar": "hundraarsflode", "bhf": "hogsta_flode"},
        "price_basis": {"tomt": "tomtarea", "bta": "bruttoarea", "bya": "byggnadsarea"},
        "land_use": {"industrimark": "J", "verksamhet": "Z", "handel": "H", "kontorsandamal": "K", "logistik": "J"},
    }
)  # fmt: skip
"""Words of files beside the codes and the labels of the code lists; plain form."""


@cache
def words(code_list: str) -> Mapping[str, str]:
    """The code that each word means, in plain form: codes, Swedish and English labels, common synonyms."""
    known = dict(_WORDS.get(code_list, {}))
    if code_list == "land_use":
        listed = [(use.code, use.term, use.boverket_code) for use in land_uses().values()]
        for code, term, boverket in listed:
            known |= {plain(text): code for text in (term.sv, term.en, boverket)}
        return MappingProxyType(known | {plain(code): code for code, _, _ in listed})
    for code, term in terms(code_list).items():
        known |= {plain(code): code, plain(term.sv): code, plain(term.en): code}
    return MappingProxyType(known)
