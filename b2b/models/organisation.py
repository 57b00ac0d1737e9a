from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from b2b.fields import CurrencyField, KeyField

if TYPE_CHECKING:
    from b2b.policy import Actor


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Trading partners find each other by name; what they do stays with their documents."""
        return self if actor.organisation_id else self.none()

    def suppliers(self) -> Self:
        return self.filter(is_supplier=True)


class Organisation(models.Model):
    """A company that buys, supplies, or both; or the platform's own staff."""

    id = KeyField()
    name = models.CharField(_("name"), max_length=200)
    native_name = models.CharField(_("name in its own script"), max_length=200, blank=True)
    is_buyer = models.BooleanField(_("buys"), default=False)
    is_supplier = models.BooleanField(_("supplies"), default=False)
    is_platform = models.BooleanField(_("runs the platform"), default=False)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166-1 alpha-2 code"))
    currency = CurrencyField(_("currency"))
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    address = models.TextField(_("address"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="organisation_has_a_side",
                condition=Q(is_buyer=True) | Q(is_supplier=True) | Q(is_platform=True),
            ),
        ]
        indexes = [models.Index(fields=["is_supplier", "name"], name="organisation_suppliers")]

    def __str__(self) -> str:
        return self.name
