"""The code lists in data/*.toml as frozen values with Swedish and English labels.

Knows the domain's codes and the folder of the lists; nothing of tables, files of users, pages or requests. Each list
is read once a process, when it is first asked for.
"""

from landbank.codelists.files import data_folder
from landbank.codelists.infrastructure import InfrastructurePoint, infrastructure
from landbank.codelists.land_use import LandUse, land_uses
from landbank.codelists.municipalities import Municipality, municipalities
from landbank.codelists.planning import PlanningTerm, inspire_values, planning_terms
from landbank.codelists.provisions import Provision, ProvisionLetter, provision_letters, provisions
from landbank.codelists.terms import ENUM_OF_LIST, Source, Term, hilucs, label, source_of, terms

__all__ = [
    "ENUM_OF_LIST",
    "InfrastructurePoint",
    "LandUse",
    "Municipality",
    "PlanningTerm",
    "Provision",
    "ProvisionLetter",
    "Source",
    "Term",
    "data_folder",
    "hilucs",
    "infrastructure",
    "inspire_values",
    "label",
    "land_uses",
    "municipalities",
    "planning_terms",
    "provision_letters",
    "provisions",
    "source_of",
    "terms",
]
