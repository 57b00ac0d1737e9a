from credit.models.account import CreditAccount, CreditPolicy
from credit.models.ledger import Book, Kind, LedgerEntry, LedgerLeg

__all__ = ["Book", "CreditAccount", "CreditPolicy", "Kind", "LedgerEntry", "LedgerLeg"]
