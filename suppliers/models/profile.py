from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from b2b.models import Organisation
from suppliers.models.category import Category
from suppliers.models.product import SUPERVISING
from suppliers.policy import profile_keeper
from suppliers.workflow.profile import Profiling

if TYPE_CHECKING:
    from b2b.policy import Actor


class ProfileQuerySet(models.QuerySet["SupplierProfile"]):
    def visible_to(self, actor: Actor) -> Self:
        """Published ones are for everybody to find; one's own at any time."""
        if actor.platform and actor.roles & SUPERVISING:
            return self
        if actor.organisation_id is None:
            return self.none()
        return self.filter(Q(state="published") | Q(supplier_id=actor.organisation_id))


class SupplierProfile(Profiling):
    """How a supplier presents itself to buyers: who it is by which registers, where, and whom to reach."""

    FINAL: ClassVar = ()
    editable_by = profile_keeper
    editable_in = ("draft", "published", "hidden")

    supplier = models.OneToOneField(
        Organisation, models.PROTECT, related_name="supplier_profile", verbose_name=_("supplier")
    )
    legal_name = models.CharField(_("legal name"), max_length=200)
    native_legal_name = models.CharField(_("legal name in Chinese"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True, max_length=4000)
    website = models.URLField(_("website"), blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=40, blank=True)
    founded_year = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    categories = models.ManyToManyField(Category, blank=True, related_name="+", verbose_name=_("what it supplies"))

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplier profile")
        verbose_name_plural = _("supplier profiles")
        ordering = ["legal_name", "pk"]

    def __str__(self) -> str:
        return self.legal_name

    def is_identified(self) -> bool:
        return self.identifiers.exists()

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        numbers = {f"{row.scheme}/{row.country}": {"value": row.value} for row in self.identifiers.all()}
        return numbers | {f"category/{one.code}": {"name": one.name} for one in self.categories.all()}


class Register(models.TextChoices):
    """Who gives out the number, and thereby how it is checked (``suppliers.identifiers``)."""

    VAT = "vat", _("VAT number")
    USCC = "uscc", _("Unified Social Credit Code")
    LEI = "lei", _("Legal Entity Identifier")
    GLN = "gln", _("Global Location Number")
    DUNS = "duns", _("D-U-N-S number")
    EIN = "ein", _("US employer number")


class Identifier(models.Model):
    """A number under which a public register knows the supplier, in compact form and checked."""

    profile = models.ForeignKey(
        SupplierProfile, models.CASCADE, related_name="identifiers", verbose_name=_("supplier profile")
    )
    scheme = models.CharField(_("register"), max_length=8, choices=Register)
    country = models.CharField(_("country"), max_length=2, blank=True)
    value = models.CharField(_("number"), max_length=40)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["scheme", "country"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "scheme", "country"], name="identifier_once_per_profile"),
            models.UniqueConstraint(fields=["scheme", "country", "value"], name="identifier_names_one_supplier"),
        ]

    def __str__(self) -> str:
        return self.value
