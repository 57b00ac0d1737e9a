from __future__ import annotations

from typing import Self
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField
from b2b.models import Organisation
from contracts.models.contract import Contract
from contracts.workflow.consents import Purpose
from contracts.workflow.signing import Party


class ContractVersion(models.Model):
    """The text of a contract as it was put before the parties, once: its content, and the PDF drawn from it.

    The PDF lies in the storage under ``pdf_sha256``; ``content_sha256`` is of the content's
    canonical JSON (``content.canonical``) and stands on every page. Rows are written once.
    """

    id = KeyField()
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="versions", verbose_name=_("contract"))
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
    content_sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    pdf_sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64)
    pdf_size = models.PositiveBigIntegerField(_("size of the PDF in bytes"))
    pages = models.PositiveIntegerField(_("pages"))
    generated_at = models.DateTimeField(_("generated at"), db_default=Now())

    contract_id: UUID

    class Meta:
        verbose_name = _("contract version")
        verbose_name_plural = _("contract versions")
        ordering = ["contract", "number"]
        constraints = [models.UniqueConstraint(fields=["contract", "number"], name="contract_version_numbered_once")]


class SignatureQuerySet(models.QuerySet["Signature"]):
    def standing(self) -> Self:
        """Not void: over the version now before the parties."""
        return self.filter(voided_at=None)


class Signature(models.Model):
    """One party's signature over one version. Rows are written once; only their voiding is added."""

    id = KeyField()
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="signatures", verbose_name=_("contract"))
    version = models.ForeignKey(
        ContractVersion, models.PROTECT, related_name="signatures", verbose_name=_("contract version")
    )
    party = models.CharField(_("party"), max_length=8, choices=Party)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    user = models.ForeignKey("b2b.User", models.PROTECT, related_name="+", verbose_name=_("signed by"))
    sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64)
    signed_at = models.DateTimeField(_("signed at"))
    attestation = models.BinaryField(_("the platform's attestation"), editable=False)
    """Ed25519 over ``workflow.signing.statement``."""
    voided_at = models.DateTimeField(_("void since"), null=True)

    contract_id: UUID
    version_id: UUID
    organisation_id: UUID
    user_id: UUID

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["contract", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "party"], condition=Q(voided_at=None), name="party_signs_once")
        ]


class Consent(models.Model):
    """One reviewer's word, in one round; a change or a new proposal begins the next."""

    id = KeyField()
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="consents", verbose_name=_("contract"))
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    number = models.PositiveIntegerField(_("round"))
    role = models.CharField(_("role"), max_length=20)
    user = models.ForeignKey("b2b.User", models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["contract", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "purpose", "number", "role"], name="contract_consent_once_per_role"
            ),
            models.UniqueConstraint(
                fields=["contract", "purpose", "number", "user"], name="contract_consent_once_per_person"
            ),
        ]
