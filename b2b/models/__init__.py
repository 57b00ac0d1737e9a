from b2b.models.answer import Answer
from b2b.models.attachment import Attachment
from b2b.models.job import Job
from b2b.models.journal import JournalCheckpoint, JournalEntry
from b2b.models.membership import Membership, Role
from b2b.models.notification import Notification, NotificationPreference
from b2b.models.numbering import NumberSeries
from b2b.models.organisation import Organisation
from b2b.models.outbox import OutboxMessage
from b2b.models.rate import ExchangeRate
from b2b.models.token import PersonalToken
from b2b.models.user import User

__all__ = [
    "Answer",
    "Attachment",
    "ExchangeRate",
    "Job",
    "JournalCheckpoint",
    "JournalEntry",
    "Membership",
    "Notification",
    "NotificationPreference",
    "NumberSeries",
    "Organisation",
    "OutboxMessage",
    "PersonalToken",
    "Role",
    "User",
]
