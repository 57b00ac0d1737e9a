from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField
from b2b.models import Organisation
from suppliers.models.product import SUPERVISING

if TYPE_CHECKING:
    from b2b.policy import Actor


class Component(models.TextChoices):
    """What a supplier is rated by; ``suppliers.scoring`` says how each is measured."""

    ON_TIME_IN_FULL = "on_time_in_full", _("On time in full")
    QUALITY = "quality", _("Quality")
    PRICE = "price", _("Price")
    RESPONSIVENESS = "responsiveness", _("Responsiveness")
    DOCUMENTS = "documents", _("Supporting documents")


class Band(models.TextChoices):
    A = "A", _("A: preferred")
    B = "B", _("B: reliable")
    C = "C", _("C: to be watched")
    D = "D", _("D: critical")
    NOT_RATED = "", _("Not rated")


class ScoreFactQuerySet(models.QuerySet["ScoreFact"]):
    def visible_to(self, actor: Actor) -> Self:
        """What happened between two organisations is theirs, and control staff's."""
        if actor.platform and actor.roles & SUPERVISING:
            return self
        if actor.organisation_id is None:
            return self.none()
        return self.filter(Q(supplier_id=actor.organisation_id) | Q(buyer_id=actor.organisation_id))


class ScoreFact(models.Model):
    """One thing that happened, as one component of the score sees it: a mark from 0 to 1 and its weight.

    ``source`` names the document as ``<app>.<model>/<key>`` and ``line`` the line in it: told twice,
    or corrected later, the same fact is still one row. ``subject`` names the order or RFQ it is about.
    """

    id = models.BigAutoField(primary_key=True)
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("supplier"))
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("buying organisation"))
    component = models.CharField(_("component"), max_length=16, choices=Component)
    mark = models.DecimalField(_("mark"), max_digits=7, decimal_places=6)
    weight = models.DecimalField(_("weight"), max_digits=9, decimal_places=6, default=Decimal(1))
    happened_on = models.DateField(_("happened on"))
    source = models.CharField(_("source"), max_length=90)
    line = models.CharField(_("line"), max_length=20, blank=True)
    subject = models.CharField(_("about"), max_length=90, blank=True)
    title = models.CharField(_("document"), max_length=60, blank=True)
    detail = models.JSONField(_("detail"), default=dict)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now=True)

    objects = ScoreFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("score fact")
        verbose_name_plural = _("score facts")
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "line", "component"], name="score_fact_once"),
            models.CheckConstraint(name="score_fact_mark_is_a_share", condition=Q(mark__gte=0, mark__lte=1)),
            models.CheckConstraint(name="score_fact_weight_not_negative", condition=Q(weight__gte=0)),
        ]
        indexes = [
            models.Index(
                fields=["supplier", "buyer", "component", "happened_on"],
                include=["mark", "weight"],
                name="score_fact_aggregate",
            ),
            models.Index(fields=["subject", "line"], name="score_fact_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.mark} ({self.source})"


class ScorePolicy(models.Model):
    """How much each component weighs: for one buyer, or for the platform where no buyer stands."""

    buyer = models.OneToOneField(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("buying organisation")
    )
    on_time_in_full = models.PositiveSmallIntegerField(_("On time in full"), default=40)
    quality = models.PositiveSmallIntegerField(_("Quality"), default=30)
    price = models.PositiveSmallIntegerField(_("Price"), default=15)
    responsiveness = models.PositiveSmallIntegerField(_("Responsiveness"), default=10)
    documents = models.PositiveSmallIntegerField(_("Supporting documents"), default=5)

    class Meta:
        verbose_name = _("score policy")
        verbose_name_plural = _("score policies")
        constraints = [
            models.UniqueConstraint(fields=["buyer"], nulls_distinct=False, name="score_policy_once"),
            models.CheckConstraint(
                name="score_policy_weights_sum_to_100",
                condition=Q(
                    on_time_in_full=100
                    - models.F("quality")
                    - models.F("price")
                    - models.F("responsiveness")
                    - models.F("documents")
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.buyer or "")

    def weights(self) -> dict[str, int]:
        return {component: getattr(self, component) for component in Component.values}


class ScorePrior(models.Model):
    """The mean mark of all suppliers in one component on a day, to which small samples are drawn."""

    component = models.CharField(_("component"), max_length=16, choices=Component)
    as_of = models.DateField(_("as of"))
    mean = models.DecimalField(_("mean"), max_digits=7, decimal_places=6)

    class Meta:
        verbose_name = _("platform mean")
        verbose_name_plural = _("platform means")
        get_latest_by = "as_of"
        constraints = [models.UniqueConstraint(fields=["component", "as_of"], name="score_prior_once_a_day")]

    def __str__(self) -> str:
        return f"{self.component} {self.as_of}: {self.mean}"


class ScoreQuerySet(models.QuerySet["Score"]):
    def visible_to(self, actor: Actor) -> Self:
        """Platform-wide scores are for every buyer; what one buyer measured is between the two."""
        if actor.platform and actor.roles & SUPERVISING:
            return self
        if actor.organisation_id is None:
            return self.none()
        theirs = Q(supplier_id=actor.organisation_id) | Q(buyer_id=actor.organisation_id)
        return self.filter(Q(buyer=None) | theirs)


class Score(models.Model):
    """A supplier's rating by one buyer, or by all buyers together, on a day; empty means not rated."""

    id = KeyField()
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="scores", verbose_name=_("supplier"))
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("buying organisation")
    )
    as_of = models.DateField(_("as of"))
    total = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True)
    band = models.CharField(_("band"), max_length=1, choices=Band, blank=True)
    components = models.JSONField(_("components"), default=dict)
    """By component: ``score``, ``count``, ``weight_sum``, ``mark_sum``, ``prior``, ``share``; decimals as strings."""

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["supplier", "buyer"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "buyer"], nulls_distinct=False, name="score_once"),
            models.CheckConstraint(
                name="score_between_0_and_100", condition=Q(total=None) | Q(total__gte=0, total__lte=100)
            ),
        ]
        indexes = [models.Index(fields=["buyer", "-total"], name="score_ranking")]

    def __str__(self) -> str:
        return f"{self.total or ''} {self.band}".strip()
