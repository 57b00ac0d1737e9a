from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contracts.models.library import LibraryQuerySet, Wording
from contracts.workflow.clause import ClauseWorkflow


class ClauseCategory(models.TextChoices):
    GENERAL = "general", _("General")
    SCOPE = "scope", _("Scope and supply")
    PRICE = "price", _("Price and payment")
    DELIVERY = "delivery", _("Delivery")
    QUALITY = "quality", _("Quality and warranty")
    LIABILITY = "liability", _("Liability")
    CONFIDENTIALITY = "confidentiality", _("Confidentiality and data")
    COMPLIANCE = "compliance", _("Compliance")
    TERM = "term", _("Term and termination")
    DISPUTES = "disputes", _("Law and disputes")


class ClauseQuerySet(LibraryQuerySet["Clause"]):
    pass


class Clause(ClauseWorkflow):
    """One thing contracts say, in the library: under a code, with all its wordings."""

    class Kind(models.TextChoices):
        PREFERRED = "preferred", _("Preferred")
        ALTERNATIVE = "alternative", _("Alternative")
        FALLBACK = "fallback", _("Fallback")

    code = models.SlugField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    chinese_title = models.CharField(_("title in Chinese"), max_length=200)
    category = models.CharField(_("category"), max_length=20, choices=ClauseCategory)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PREFERRED)
    instead_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="substitutes", verbose_name=_("instead of")
    )
    """The preferred clause an alternative or a fallback may stand in for."""

    instead_of_id: UUID | None

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "code"], nulls_distinct=False, name="clause_code_once_per_library"
            ),
            models.CheckConstraint(
                name="clause_substitute_names_the_preferred",
                condition=Q(kind="preferred", instead_of=None) | (~Q(kind="preferred") & Q(instead_of__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ClauseVersion(Wording):
    """One wording of a clause, in English and Chinese, a paragraph to a line."""

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="versions", verbose_name=_("clause"))
    text = models.TextField(_("text"))
    chinese_text = models.TextField(_("text in Chinese"))

    clause_id: UUID

    class Meta:
        verbose_name = _("clause version")
        verbose_name_plural = _("clause versions")
        ordering = ["clause", "number"]
        constraints = [models.UniqueConstraint(fields=["clause", "number"], name="clause_version_numbered_once")]
