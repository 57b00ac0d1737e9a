from quotations.models.quotation import Quotation, QuotationLine, QuotationVersion  # isort: skip — the others stand on it
from quotations.models.award import Award, AwardLine, Objection
from quotations.models.opening import BidOpening, OpeningConsent, OpeningMinute
from quotations.models.question import Question
from quotations.models.tabulation import RecordedTabulation

__all__ = [
    "Award",
    "AwardLine",
    "BidOpening",
    "Objection",
    "OpeningConsent",
    "OpeningMinute",
    "Question",
    "Quotation",
    "QuotationLine",
    "QuotationVersion",
    "RecordedTabulation",
]
