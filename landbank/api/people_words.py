"""The words that pages have for roles, permissions and refusals. Texts are Swedish and marked for translation."""

from __future__ import annotations

from collections.abc import Mapping

from landbank.api.i18n import N_, Words
from landbank.domain.passwords import Fault
from landbank.domain.people import Grant, Permission, Role

ROLES: Mapping[Role, str] = {
    Role.PLANNER: N_("planerare"),
    Role.STEWARD: N_("dataansvarig"),
    Role.LOTS: N_("lotsmedlem"),
    Role.REGIONAL: N_("regional planerare"),
    Role.ADMINISTRATOR: N_("administratör"),
    Role.OPERATOR: N_("driftansvarig"),
}

SCOPES: Mapping[Permission, str] = {
    Permission.READ_PLANNING: N_("läsa det som planerare läser"),
    Permission.CONFIRM: N_("bekräfta uppgifter"),
    Permission.CHANGE_STATUS: N_("ändra tomters läge"),
    Permission.CHANGE_PLOT: N_("ändra tomter"),
    Permission.IMPORT: N_("importera tomter"),
    Permission.READ_REGION: N_("läsa regionens sammanställningar"),
    Permission.READ_INQUIRIES: N_("läsa förfrågningar"),
}
"""What keys are given, in the order of a form."""

PASSWORD_FAULTS: Mapping[str, str] = {
    Fault.SHORT: N_("Lösenordet är för kort: det ska ha minst 12 tecken."),
    Fault.LONG: N_("Lösenordet är för långt: högst 256 tecken."),
    Fault.ABOUT_YOU: N_(
        "Lösenordet består av ditt namn eller din adress. Välj något som inte handlar om dig."
    ),
    Fault.COMMON: N_(
        "Det lösenordet hör till dem som gissas först. Välj till exempel fyra ord som inte hör ihop."
    ),
}


def role_text(grant: Grant, words: Words, municipalities: Mapping[str, str]) -> str:
    """A role with its municipality: planerare i Lerum."""
    role = words.gettext(ROLES[grant.role])
    if grant.municipality_code is None:
        return role
    place = municipalities.get(grant.municipality_code, grant.municipality_code)
    return words.gettext("%(role)s i %(municipality)s") % {"role": role, "municipality": place}
