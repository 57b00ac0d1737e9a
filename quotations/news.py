"""What bidders are told beyond the steps of their own documents."""

from django.utils.translation import gettext_lazy as _

from b2b.notifications import kind

kind(
    "quotations.chosen",
    title=_("%(rfq)s: your quotation %(number)s is to be awarded"),
    body=_("The award becomes final on %(until)s, unless an objection is upheld before."),
)
kind(
    "quotations.not_chosen",
    title=_("%(rfq)s: your quotation %(number)s is not to be awarded"),
    body=_("You may object until %(until)s."),
)
kind(
    "quotations.answered_to_all", title=_("%(rfq)s: a question was answered"), body=_("The answer is for all bidders.")
)
