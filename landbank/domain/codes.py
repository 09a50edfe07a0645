"""The closed code lists of the inventory. Labels, definitions and sources stand in data/*.toml."""

from __future__ import annotations

from enum import StrEnum


class PlanningState(StrEnum):
    """State of the plan that decides a plot's use.

    The nine states of the Swedish national specification for detailed plans (Nationell informationsspecifikation
    Detaljplan 4.1) and three earlier ones of landbank's own.
    """

    OPLANERAD = "oplanerad"
    OP = "op"
    PLANBESKED = "planbesked"
    PABORJAD = "paborjad"
    SAMRAD = "samrad"
    GRANSKNING = "granskning"
    ANTAGEN = "antagen"
    OVERKLAGAD = "overklagad"
    TILLSYN = "tillsyn"
    LAGA_KRAFT = "laga_kraft"
    UPPHAVD = "upphavd"
    AVSLUTAD = "avslutad"


class Readiness(StrEnum):
    """Physical readiness of the ground."""

    RAMARK = "ramark"
    UNDER_UTBYGGNAD = "under_utbyggnad"
    BYGGKLAR = "byggklar"
    BEBYGGD = "bebyggd"


class Availability(StrEnum):
    """Commercial availability."""

    EJ_TILL_SALU = "ej_till_salu"
    KOMMANDE = "kommande"
    LEDIG = "ledig"
    INTRESSE = "intresse"
    RESERVERAD = "reserverad"
    MARKANVISAD = "markanvisad"
    AVTALAD = "avtalad"
    SALD = "sald"
    ATERGANGEN = "atergangen"


class PublicLabel(StrEnum):
    """The one label the public sees; derived from the four axes, never stored by hand."""

    SALD = "sald"
    RESERVERAD = "reserverad"
    EJ_TILL_SALU = "ej_till_salu"
    BEGRANSAD = "begransad"
    KOMMANDE = "kommande"
    LEDIG_SENARE = "ledig_senare"
    LEDIG_NU = "ledig_nu"


class RestrictionKind(StrEnum):
    """What stands in the way of using a plot, or only conditions it."""

    FORORENING = "fororening"
    ARKEOLOGI = "arkeologi"
    VATTEN = "vatten"
    OVERSVAMNING = "oversvamning"
    STRANDSKYDD = "strandskydd"
    NATUR = "natur"
    LEDNING = "ledning"
    TILLFART = "tillfart"
    BULLER = "buller"
    RISK = "risk"
    OMPLANERING = "omplanering"
    RATTSPROCESS = "rattsprocess"
    BOLAGSRESERV = "bolagsreserv"
    GEOTEKNIK = "geoteknik"


class UtilityKind(StrEnum):
    """A network that may reach the plot."""

    EL = "el"
    FJARRVARME = "fjarrvarme"
    FJARRKYLA = "fjarrkyla"
    FIBER = "fiber"
    VATTEN = "vatten"
    SPILLVATTEN = "spillvatten"
    DAGVATTEN = "dagvatten"
    GAS = "gas"
    VATGAS = "vatgas"


class AccessKind(StrEnum):
    """Infrastructure that distances are measured to."""

    MOTORWAY_JUNCTION = "motorway_junction"
    RAIL_TERMINAL = "rail_terminal"
    PORT = "port"
    AIRPORT = "airport"


class AccessMethod(StrEnum):
    """How an access value was found; a crow-fly distance is a lower bound."""

    CROW_FLY = "crow_fly"
    NETWORK = "network"
    DECLARED = "declared"


class Tenure(StrEnum):
    """Form in which land is let go."""

    FORSALJNING = "forsaljning"
    TOMTRATT = "tomtratt"
    ANLAGGNINGSARRENDE = "anlaggningsarrende"
    LAGENHETSARRENDE = "lagenhetsarrende"


class PriceBasis(StrEnum):
    """What a price per square metre is counted on."""

    TOMTAREA = "tomtarea"
    BRUTTOAREA = "bruttoarea"
    BYGGNADSAREA = "byggnadsarea"


class AreaMethod(StrEnum):
    """How an area was found."""

    COMPUTED = "computed"
    DECLARED = "declared"
    SURVEYED = "surveyed"


class OwnerKind(StrEnum):
    """Who owns the land."""

    KOMMUN = "kommun"
    STAT = "stat"
    PRIVAT = "privat"
    BOLAG = "bolag"


class HeightBasis(StrEnum):
    """What a height is counted from."""

    GROUND = "ground"
    ZERO_PLANE = "zero_plane"


class EnvironmentClass(StrEnum):
    """The most demanding kind of activity that a plot takes, from the least to the most demanding.

    Source: miljöprövningsförordningen (2013:251), letters A, B, C and U.
    """

    U = "U"
    C = "C"
    B = "B"
    A = "A"


class GroundKind(StrEnum):
    """What most of the ground is, from the firmest to the softest; made ground last."""

    BERG = "berg"
    MORAN = "moran"
    SAND = "sand"
    SILT = "silt"
    LERA = "lera"
    TORV = "torv"
    FYLLNING = "fyllning"


class FloodClass(StrEnum):
    """The most frequent flood that reaches the plot, from none to the most frequent."""

    UTANFOR = "utanfor"
    HOGSTA_FLODE = "hogsta_flode"
    LAGPUNKT = "lagpunkt"
    HUNDRAARSFLODE = "hundraarsflode"


class PlanKind(StrEnum):
    """Kind of a plan: a detailed plan, or an older one that holds as such."""

    DETALJPLAN = "detaljplan"
    STADSPLAN = "stadsplan"
    BYGGNADSPLAN = "byggnadsplan"
    AVSTYCKNINGSPLAN = "avstyckningsplan"


class DegreeBound(StrEnum):
    """Sense of a degree of exploitation."""

    MAX = "max"
    MIN = "min"
    EXACT = "exact"


class ContactKind(StrEnum):
    """What a contact is for: selling land is not keeping its data."""

    SALES = "sales"
    STEWARD = "steward"


class EventKind(StrEnum):
    """What a history event says happened."""

    CREATED = "created"
    CHANGED = "changed"
    ENDED = "ended"
    REPLACED = "replaced"


class CommitmentKind(StrEnum):
    """What a municipality has promised a party about a plot; all but an interest are exclusive."""

    INTEREST = "interest"
    RESERVATION = "reservation"
    ALLOCATION = "allocation"
    AGREEMENT = "agreement"
    SALE = "sale"


class CommitmentEnd(StrEnum):
    """Why a commitment ended."""

    FOLLOWED = "followed"
    RELEASED = "released"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REVERTED = "reverted"
    CORRECTED = "corrected"
    PLOT_REPLACED = "plot_replaced"
    PLOT_ENDED = "plot_ended"


class NoticeKind(StrEnum):
    """What somebody has to be told about a plot."""

    TERM_ENDING = "term_ending"
    TERM_EXPIRED = "term_expired"


class LineageReason(StrEnum):
    """How plots became others."""

    SPLIT = "split"
    MERGE = "merge"
    REDRAW = "redraw"


class ImportKind(StrEnum):
    """What an import brings in: a file, or the state before an earlier import."""

    FILE = "file"
    ROLLBACK = "rollback"


class ImportState(StrEnum):
    """How far an import got: looked at, done, or laid aside."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    EXPIRED = "expired"


class AttributeClass(StrEnum):
    """What grows old together: a class of attributes has one maximum age and one keeper (data/fields.toml)."""

    PLANNING = "planning"
    GROUND = "ground"
    SALE = "sale"
    TERMS = "terms"
    POWER = "power"
    NETWORKS = "networks"
    RESTRICTIONS = "restrictions"
    LAND = "land"
    CONTACT = "contact"


class CheckKind(StrEnum):
    """What the standing checks look for in a current plot (landbank/domain/checks.py)."""

    OVERLAP = "overlap"
    SLIVER = "sliver"
    OUTSIDE_MUNICIPALITY = "outside_municipality"
    OUTSIDE_PLAN = "outside_plan"
    AREA_DIFFERS = "area_differs"
    NET_ABOVE_AREA = "net_above_area"
    RESTRICTION_PAST_DUE = "restriction_past_due"
    CONTACT_GONE = "contact_gone"
    IMPLEMENTATION_ENDED = "implementation_ended"
    COMMITMENT_EXPIRED = "commitment_expired"
    KEY_FACT_MISSING = "key_fact_missing"


class TodoKind(StrEnum):
    """What waits for a planner, in the order in which it is best done."""

    EXPIRING = "expiring"
    FREED = "freed"
    OVERLAPPING = "overlapping"
    FAULTY = "faulty"
    REVIEW = "review"
    MISSING = "missing"
    STALE = "stale"


class MailKind(StrEnum):
    """What landbank writes to people about."""

    WEEKLY = "weekly"
    EXPIRING = "expiring"
    IMPORT_RESULT = "import_result"
    TRIAL = "trial"


class MailState(StrEnum):
    """How far a mail has come."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"


class KeyFact(StrEnum):
    """What a company decides by: the values that certainty, quality and the missing are counted on."""

    OUTLINE = "outline"
    PLANNING_STATE = "planning_state"
    USE = "use"
    READINESS = "readiness"
    AVAILABILITY = "availability"
    TENURES = "tenures"
    PRICE = "price"
    POWER = "power"
    WATER_AND_SEWER = "water_and_sewer"
    NET_AREA = "net_area"
    OWNER = "owner"
    CONTACT = "contact"
    RESTRICTIONS = "restrictions"
