from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from b2b.models import Organisation
from b2b.policy import controller
from suppliers.models.category import Category
from suppliers.models.certificate import Certificate, DocumentKind, DocumentRequirement
from suppliers.models.product import SUPERVISING
from suppliers.models.profile import SupplierProfile
from suppliers.policy import supplying
from suppliers.workflow.qualification import TRUSTED, Qualifying

if TYPE_CHECKING:
    from b2b.policy import Actor


class QualificationQuerySet(models.QuerySet["Qualification"]):
    def visible_to(self, actor: Actor) -> Self:
        """The supplier and the buyer it is for; the platform's own once decided, to every buyer; control staff all."""
        if actor.platform and actor.roles & SUPERVISING:
            return self
        if actor.organisation_id is None:
            return self.none()
        mine = Q(supplier_id=actor.organisation_id) | (Q(buyer_id=actor.organisation_id) & ~Q(state="draft"))
        return self.filter(mine | Q(buyer=None, decided_at__isnull=False))


class Qualification(Qualifying):
    """A supplier's standing with one buyer, or with the platform for all buyers, in one category or in all."""

    FINAL: ClassVar = ("withdrawn",)
    editable_by = supplying | controller
    editable_in = ("draft", "info_requested")

    supplier = models.ForeignKey(
        Organisation, models.PROTECT, related_name="qualifications", verbose_name=_("supplier")
    )
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("buying organisation")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    statement = models.TextField(_("supplier's statement"), blank=True, max_length=4000)
    applied_at = models.DateTimeField(_("applied at"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    valid_until = models.DateField(_("valid until"), null=True, editable=False)
    conditions = models.TextField(_("conditions"), blank=True, editable=False, max_length=2000)
    reason = models.TextField(_("reason"), blank=True, editable=False, max_length=2000)
    suspended_until = models.DateField(_("suspended until"), null=True, editable=False)
    suspended_from = models.CharField(max_length=32, blank=True, editable=False)
    block_proposed_by = models.ForeignKey(
        "b2b.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("block proposed by")
    )
    block_proposed_at = models.DateTimeField(_("block proposed at"), null=True, editable=False)
    block_review_on = models.DateField(_("block to be reviewed on"), null=True, editable=False)
    blocked_at = models.DateTimeField(_("blocked at"), null=True, editable=False)

    objects = QualificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "buyer", "category"],
                condition=~Q(state="withdrawn"),
                nulls_distinct=False,
                name="qualification_one_at_a_time",
            ),
            models.CheckConstraint(
                name="qualification_approval_has_an_end",
                condition=~Q(state__in=TRUSTED) | Q(valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="qualification_block_is_reviewed",
                condition=~Q(state="blocked") | Q(block_review_on__isnull=False, block_proposed_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_until"], name="qualification_due")]

    def has_published_profile(self) -> bool:
        return SupplierProfile.objects.filter(supplier_id=self.supplier_id, state="published").exists()

    def ended(self, *, on: date) -> bool:
        return self.valid_until is not None and self.valid_until < on

    def lapsed_documents(self, *, on: date) -> list[str]:
        """Required kinds of which documents were given, but none is valid any more.

        A kind asked for only since the approval is missing, not lapsed: a new rule does not expire
        everybody overnight.
        """
        given = Certificate.objects.filter(supplier_id=self.supplier_id, kind__in=self.required_documents())
        held = set(given.valid(on).values_list("kind", flat=True))
        return sorted(set(given.values_list("kind", flat=True)) - held)

    def required_documents(self) -> list[str]:
        """Kinds asked for by the platform and by the buyer, for all categories and for this one's line."""
        for_all = Q(category=None)
        here = for_all | Q(category__in=Category.objects.over(self.category_id)) if self.category_id else for_all
        asked = DocumentRequirement.objects.filter(Q(buyer=None) | Q(buyer_id=self.buyer_id), here)
        return sorted(set(asked.values_list("kind", flat=True)))

    def missing_documents(self, *, on: date) -> list[str]:
        """The labels of required kinds of which no document is valid on the day."""
        valid = Certificate.objects.filter(supplier_id=self.supplier_id).valid(on)
        held = set(valid.values_list("kind", flat=True))
        return [str(DocumentKind(kind).label) for kind in self.required_documents() if kind not in held]
