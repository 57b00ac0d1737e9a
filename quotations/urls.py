from rest_framework.routers import BaseRouter

from quotations.api.award import AwardViewSet, ObjectionViewSet
from quotations.api.comparison import ComparisonViewSet
from quotations.api.opening import BidOpeningViewSet
from quotations.api.question import QuestionViewSet
from quotations.api.quotation import QuotationViewSet


def routes(router: BaseRouter) -> None:
    router.register("quotations", QuotationViewSet, basename="quotation")
    router.register("questions", QuestionViewSet, basename="question")
    router.register("bid-openings", BidOpeningViewSet, basename="bid-opening")
    router.register("comparisons", ComparisonViewSet, basename="comparison")
    router.register("awards", AwardViewSet, basename="award")
    router.register("objections", ObjectionViewSet, basename="objection")
