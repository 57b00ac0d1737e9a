from contracts.models.call_off import CallOff, CallOffLine
from contracts.models.clause import Clause, ClauseCategory, ClauseVersion
from contracts.models.contract import Contract
from contracts.models.signature import Consent, ContractVersion, Signature
from contracts.models.template import ContractTemplate, TemplateItem, TemplateVersion
from contracts.models.wording import ContractClause, ContractLine

__all__ = [
    "CallOff",
    "CallOffLine",
    "Clause",
    "ClauseCategory",
    "ClauseVersion",
    "Consent",
    "Contract",
    "ContractClause",
    "ContractLine",
    "ContractTemplate",
    "ContractVersion",
    "Signature",
    "TemplateItem",
    "TemplateVersion",
]
