from b2b.models.journal import JournalCheckpoint, JournalEntry
from b2b.models.membership import Membership, Role
from b2b.models.organisation import Organisation
from b2b.models.user import User

__all__ = [
    "JournalCheckpoint",
    "JournalEntry",
    "Membership",
    "Organisation",
    "Role",
    "User",
]
