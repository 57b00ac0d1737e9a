from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField
from b2b.models import Attachment, Organisation
from suppliers.models.category import Category
from suppliers.models.product import SUPERVISING

if TYPE_CHECKING:
    from b2b.policy import Actor


class DocumentKind(models.TextChoices):
    BUSINESS_LICENCE = "business_licence", _("Business licence")
    ISO_9001 = "iso_9001", _("ISO 9001 quality management")
    ISO_14001 = "iso_14001", _("ISO 14001 environmental management")
    ISO_45001 = "iso_45001", _("ISO 45001 occupational safety")
    CE = "ce", _("CE declaration of conformity")
    CCC = "ccc", _("China Compulsory Certification")
    INSURANCE = "insurance", _("Liability insurance")
    TAX_CLEARANCE = "tax_clearance", _("Tax clearance")
    CODE_OF_CONDUCT = "code_of_conduct", _("Signed code of conduct")
    OTHER = "other", _("Other document")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, actor: Actor) -> Self:
        """The supplier its own; a buyer those of suppliers that applied to it; the platform's control staff all."""
        if actor.platform and actor.roles & SUPERVISING:
            return self
        if actor.organisation_id is None:
            return self.none()
        applied = Q(supplier__qualifications__buyer_id=actor.organisation_id)
        shown = applied & ~Q(supplier__qualifications__state="draft")
        return self.filter(Q(supplier_id=actor.organisation_id) | Q(pk__in=Certificate.objects.filter(shown)))

    def valid(self, on: date) -> Self:
        """In force on the day and not taken back."""
        begun = Q(valid_from=None) | Q(valid_from__lte=on)
        return self.filter(begun & (Q(valid_until=None) | Q(valid_until__gte=on)), withdrawn_at=None)


class Certificate(models.Model):
    """A document that proves something about a supplier. Written once: a renewal is a new row."""

    id = KeyField()
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="certificates", verbose_name=_("supplier"))
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind)
    certificate_number = models.CharField(_("certificate number"), max_length=80, blank=True)
    issuer = models.CharField(_("issuer"), max_length=140)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("b2b.User", models.PROTECT, null=True, editable=False, related_name="+")
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, editable=False)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["supplier", "kind", "-valid_until", "pk"]
        constraints = [
            models.CheckConstraint(
                name="certificate_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["supplier", "kind", "valid_until"], name="certificate_in_force")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.certificate_number}".strip()

    def is_valid(self, on: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_until is None or self.valid_until >= on) and self.withdrawn_at is None


class DocumentRequirementQuerySet(models.QuerySet["DocumentRequirement"]):
    def visible_to(self, actor: Actor) -> Self:
        """Rules are for everybody to know who may have to keep them."""
        return self if actor.organisation_id else self.none()


class DocumentRequirement(models.Model):
    """A document a qualification needs: asked by one buyer or by the platform, for one category or for all."""

    buyer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind)

    objects = DocumentRequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("required document")
        verbose_name_plural = _("required documents")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "category", "kind"], name="requirement_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
