from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField
from b2b.models.organisation import Organisation
from b2b.models.user import User
from b2b.rows import columns, loaded, width

if TYPE_CHECKING:
    from b2b.policy import Actor

MARK = "hanse_"
"""What every secret starts with, so that scanners of source code find one that was committed."""
PREFIX_LENGTH = len(MARK) + 6
USE_NOTED_EVERY = timedelta(minutes=1)


def digest(secret: str) -> str:
    """SHA-256 suffices without salt or stretching: the secret has 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


class PersonalTokenQuerySet(models.QuerySet["PersonalToken"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, for the organisation acted for."""
        return self.filter(user_id=actor.user_id, organisation_id=actor.organisation_id)

    def presented(self, secret: str) -> PersonalToken | None:
        """The usable token with this secret, its user and what they may do for its organisation with it.

        Every request of a machine begins with this query, so it is written out.
        """
        with connection.cursor() as cursor:
            cursor.execute(_presented(), [digest(secret)])
            row = cursor.fetchone()
        return _token_of(row) if row else None


@dataclass(frozen=True, slots=True)
class Held:
    """What the token's person may do for the token's organisation, as a member of it."""

    roles: frozenset[str]
    platform: bool


class PersonalToken(models.Model):
    """Lets a machine act as one person for one organisation, within scopes such as ``procurement:read``."""

    id = KeyField()
    user = models.ForeignKey(User, models.PROTECT, related_name="tokens", verbose_name=_("user"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="tokens", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("first characters"), max_length=PREFIX_LENGTH, editable=False)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    expires_at = models.DateTimeField(_("expires at"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    held: Held | None = None
    """As ``presented`` found it; without a membership there is none."""

    objects = PersonalTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal token")
        verbose_name_plural = _("personal tokens")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="token_expires_after_creation", condition=Q(expires_at__gt=F("created_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def draw_secret(self) -> str:
        """Give the unsaved token a new secret and return it; it is told this once and kept nowhere."""
        secret = MARK + secrets.token_urlsafe(32)
        self.prefix, self.hash = secret[:PREFIX_LENGTH], digest(secret)
        return secret

    def note_use(self) -> None:
        """Remember the use, at most once a minute: reading must not turn into writing."""
        if self.last_used_at is None or timezone.now() - self.last_used_at > USE_NOTED_EVERY:
            PersonalToken.objects.filter(pk=self.pk).update(last_used_at=Now())

    def revoke(self, at: datetime) -> None:
        """From now on the secret opens nothing. Revoking twice keeps the first time."""
        if self.revoked_at is None:
            self.revoked_at = at
            self.save(update_fields=["revoked_at"])


PRESENTED = """
    SELECT organisation.is_platform, membership.roles, {columns}
    FROM b2b_personaltoken token
    JOIN b2b_user person ON person.id = token.user_id AND person.is_active
    JOIN b2b_organisation organisation ON organisation.id = token.organisation_id
    LEFT JOIN b2b_membership membership
      ON membership.user_id = person.id AND membership.organisation_id = organisation.id AND membership.active
    WHERE token.hash = %s AND token.revoked_at IS NULL
      AND (token.expires_at IS NULL OR token.expires_at > statement_timestamp())
"""


@cache
def _presented() -> str:
    return PRESENTED.format(columns=f"{columns(PersonalToken, 'token')}, {columns(User, 'person')}")


def _token_of(row: tuple[Any, ...]) -> PersonalToken:
    platform, roles, *values = row
    token = loaded(PersonalToken, values[: width(PersonalToken)])
    token.user = loaded(User, values[width(PersonalToken) :])
    token.held = None if roles is None else Held(frozenset(roles), platform)
    return token
