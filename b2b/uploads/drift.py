"""The refusal of a review that no longer holds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from b2b.errors import DomainError


class Drifted(DomainError):
    """What the rows would change is not any more what the review saw; ``faults`` say which rows."""

    code, title = "changed-since-review", _("The data changed since the review.")
