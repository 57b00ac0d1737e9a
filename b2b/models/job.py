from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField
from b2b.models.organisation import Organisation
from b2b.models.user import User

if TYPE_CHECKING:
    from b2b.policy import Actor


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, actor: Actor) -> Self:
        """The jobs of one's own organisation."""
        return self.filter(organisation_id=actor.organisation_id) if actor.organisation_id else self.none()

    def without_worker(self) -> Self:
        """Jobs nobody works on: still queued, or their worker's lease ran out."""
        return self.filter(Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=Now()))


class Job(models.Model):
    """Work too long for a request, and how far it is. The row is the truth, the broker only a doorbell.

    A worker holds the row by ``lease_token`` until ``lease_until``; whoever writes without the
    present token writes nothing.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = KeyField()
    kind = models.CharField(_("kind"), max_length=60)
    arguments = models.JSONField(_("arguments"), default=dict, encoder=DjangoJSONEncoder)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="jobs", verbose_name=_("organisation")
    )
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="jobs", verbose_name=_("started by"))
    authority = models.JSONField(default=dict, editable=False)
    """What the starter's session allowed beyond roles: ``second_factor``, ``scopes``, ``request_id``."""
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    rung_at = models.DateTimeField(db_default=Now(), editable=False)
    """When a worker was last called for this job."""

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    done_count = models.PositiveIntegerField(_("done"), default=0)
    total_count = models.PositiveIntegerField(_("of"), null=True)
    message = models.CharField(_("message"), max_length=200, blank=True)
    result = models.JSONField(_("result"), null=True, encoder=DjangoJSONEncoder)
    error = models.JSONField(_("error"), null=True, encoder=DjangoJSONEncoder)
    """Why it failed: ``code``, ``title``, ``detail``, ``faults``, in the starter's language."""
    started_at = models.DateTimeField(_("started at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    attempts = models.PositiveSmallIntegerField(_("attempts since the last checkpoint"), default=0)
    checkpoint = models.JSONField(null=True, editable=False, encoder=DjangoJSONEncoder)
    cancel_requested = models.BooleanField(_("cancelling"), default=False)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_holder = models.CharField(max_length=200, blank=True, db_default="", editable=False)
    """Which process took it last; ``b2b.jobs.holders``."""

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="job_running_is_leased",
                condition=Q(state="running", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_token=None, lease_until=None)),
            ),
            models.CheckConstraint(
                name="job_ended_has_end",
                condition=Q(state__in=["queued", "running"], ended_at=None)
                | Q(state__in=["done", "failed", "cancelled"], ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="job_failed_says_why",
                condition=Q(state="failed", error__isnull=False) | (~Q(state="failed") & Q(error=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="job_of_organisation"),
            models.Index(fields=["rung_at"], name="job_open", condition=Q(state__in=["queued", "running"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
