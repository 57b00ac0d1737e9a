"""Documents whose time has come; the clock takes the step named in ``apps``."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet

from suppliers.models import Category, Certificate, DocumentRequirement, Product, Qualification
from suppliers.workflow.qualification import TRUSTED, notice_from


def qualifications_to_notify(now: datetime) -> QuerySet[Qualification]:
    return Qualification.objects.filter(state="approved", valid_until__lte=notice_from(now.date()))


def qualifications_to_expire(now: datetime) -> QuerySet[Qualification]:
    """Past their period, or with a required document that has run out."""
    today = now.date()
    over = Q(valid_until__lt=today) | Q(Exists(_lapsed(today)))
    return Qualification.objects.filter(over, state__in=TRUSTED)


def qualifications_to_resume(now: datetime) -> QuerySet[Qualification]:
    return Qualification.objects.filter(state="suspended", suspended_until__lte=now.date())


def products_to_delist(now: datetime) -> QuerySet[Product]:
    return Product.objects.filter(state="listed", listed_until__lte=now)


def _lapsed(today: date) -> QuerySet[DocumentRequirement]:
    """Requirements of the outer qualification of which documents were given and none is valid."""
    lineage = Category.objects.filter(pk=OuterRef(OuterRef("category"))).values(
        one=Func(F("lineage"), function="unnest")
    )
    given = Certificate.objects.filter(supplier=OuterRef(OuterRef("supplier")), kind=OuterRef("kind"))
    return DocumentRequirement.objects.filter(
        Q(buyer=None) | Q(buyer=OuterRef("buyer")),
        Q(category=None) | Q(category__in=lineage),
        Exists(given),
        ~Exists(given.valid(today)),
    )
