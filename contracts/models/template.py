from __future__ import annotations

from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField
from contracts.models.clause import Clause
from contracts.models.library import LibraryQuerySet, Wording
from contracts.workflow.template import Condition, Field, Operator, TemplateWorkflow


class TemplateQuerySet(LibraryQuerySet["ContractTemplate"]):
    pass


class ContractTemplate(TemplateWorkflow):
    """What contracts of one sort are made from: clauses in their order, and blanks to fill in."""

    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    chinese_name = models.CharField(_("name in Chinese"), max_length=200)
    is_usual = models.BooleanField(_("taken where nobody chose"), default=False)
    """For contracts that follow from an award; a buyer's own comes before the platform's."""

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract template")
        verbose_name_plural = _("contract templates")
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "code"], nulls_distinct=False, name="template_code_once_per_library"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class TemplateVersion(Wording):
    """One composition of a template."""

    template = models.ForeignKey(ContractTemplate, models.PROTECT, related_name="versions", verbose_name=_("template"))
    title = models.CharField(_("title of the contract"), max_length=200)
    chinese_title = models.CharField(_("title of the contract in Chinese"), max_length=200)
    fields = models.JSONField(_("fields"), default=list, blank=True, encoder=DjangoJSONEncoder)
    """As ``workflow.template.Field`` writes itself; ``blanks`` reads them back."""

    template_id: UUID

    class Meta:
        verbose_name = _("template version")
        verbose_name_plural = _("template versions")
        ordering = ["template", "number"]
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_numbered_once")]

    def blanks(self) -> list[Field]:
        return [Field(**{**told, "choices": tuple(told["choices"])}) for told in self.fields]


class ConditionalClause(models.Model):
    """At its position; with ``condition_field``, only where that field is, or is not, ``condition_value``."""

    position = models.PositiveIntegerField(_("position"))
    condition_field = models.CharField(_("only where the field"), max_length=40, blank=True)
    condition_operator = models.CharField(_("comparison"), max_length=6, choices=Operator, blank=True)
    condition_value = models.CharField(_("value"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def condition(self) -> Condition | None:
        if not self.condition_field:
            return None
        return Condition(self.condition_field, self.condition_operator, self.condition_value)


class TemplateItem(ConditionalClause):
    """A clause at its place in one composition; contracts take the wording in force on their day."""

    id = KeyField()
    version = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="items", verbose_name=_("version"))
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+", verbose_name=_("clause"))

    clause_id: UUID

    class Meta:
        verbose_name = _("template item")
        verbose_name_plural = _("template items")
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="template_item_one_per_position")]
