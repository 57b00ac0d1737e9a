"""Scores from facts: of some suppliers after an event, of all every night, or again to compare with what is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from suppliers.models import Score, ScorePolicy, ScorePrior
from suppliers.models.score import Component
from suppliers.scoring.documents import documents_held
from suppliers.scoring.formula import DECAY, MONTH_DAYS, WINDOW_DAYS, Evidence, band_of, rated, total_score

Whose = tuple[UUID, UUID | None]
"""A supplier, and the buyer who rates, or ``None`` for all buyers together."""

Known = dict[Whose, dict[str, Evidence]]

_SUM = """
    SELECT supplier_id, buyer_id, component, sum(count), sum(weights * decay), sum(marks * decay)
    FROM (
        SELECT supplier_id, buyer_id, component, (%(as_of)s - happened_on) / %(month)s AS age,
            count(*) AS count, sum(weight) AS weights, sum(mark * weight) AS marks
        FROM suppliers_scorefact
        WHERE happened_on > %(as_of)s - %(window)s AND happened_on <= %(as_of)s AND weight > 0 AND {which}
        GROUP BY 1, 2, 3, 4
    ) AS monthly
    JOIN unnest(%(decay)s::numeric[]) WITH ORDINALITY AS faded (decay, place) ON place = age + 1
    GROUP BY GROUPING SETS ((supplier_id, buyer_id, component), (supplier_id, component))
"""
_EVERYBODY, _SOME = "TRUE", "supplier_id = ANY(%(suppliers)s::uuid[])"
_MEAN_PLACES = Decimal("0.000001")
_WRITTEN_AT_ONCE = 1_000


def evidence(*, as_of: date, supplier_ids: Collection[UUID] | None = None) -> Known:
    """What the facts of the window say, decayed to the day, in one statement; of everybody when none are named."""
    which = _EVERYBODY if supplier_ids is None else _SOME
    arguments: dict[str, Any] = {
        "as_of": as_of,
        "month": MONTH_DAYS,
        "window": WINDOW_DAYS,
        "decay": list(DECAY),
        "suppliers": [str(key) for key in supplier_ids or ()],
    }
    known: Known = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_SUM.format(which=which), arguments)
        for supplier_id, buyer_id, component, count, weights, marks in cursor.fetchall():
            known[supplier_id, buyer_id][component] = Evidence(int(count), weights, marks)
    return known


@transaction.atomic
def rate(supplier_ids: Collection[UUID], *, as_of: date) -> None:
    """Rate some suppliers anew, by the platform means last computed."""
    known = evidence(as_of=as_of, supplier_ids=supplier_ids)
    _store(known, supplier_ids, priors=priors_on(as_of), as_of=as_of)


@transaction.atomic
def rate_everybody(*, as_of: date) -> int:
    """Compute the platform means and every score anew; return how many scores there are."""
    known = evidence(as_of=as_of)
    priors = _keep_priors(known, as_of)
    suppliers = {supplier for supplier, _ in known} | set(Score.objects.values_list("supplier_id", flat=True))
    return _store(known, suppliers, priors=priors, as_of=as_of)


def priors_on(as_of: date) -> dict[str, Decimal]:
    """The platform means in use on a day; where none was ever computed for a component, they are now."""
    newest = ScorePrior.objects.filter(as_of__lte=as_of).order_by("component", "-as_of").distinct("component")
    found = dict(newest.values_list("component", "mean"))
    if found.keys() >= set(Component.values) - {Component.DOCUMENTS}:
        return found
    return {**_means(evidence(as_of=as_of)), **found}


def _keep_priors(known: Known, as_of: date) -> dict[str, Decimal]:
    means = _means(known)
    ScorePrior.objects.bulk_create(
        [ScorePrior(component=component, as_of=as_of, mean=mean) for component, mean in means.items()],
        update_conflicts=True,
        unique_fields=["component", "as_of"],
        update_fields=["mean"],
    )
    return means


def _means(known: Known) -> dict[str, Decimal]:
    weights: dict[str, Decimal] = defaultdict(Decimal)
    marks: dict[str, Decimal] = defaultdict(Decimal)
    for (_supplier, buyer), components in known.items():
        for component, one in components.items() if buyer is None else ():
            weights[component] += one.weight_sum
            marks[component] += one.mark_sum
    with localcontext(prec=40):
        return {name: (marks[name] / weights[name]).quantize(_MEAN_PLACES, ROUND_HALF_UP) for name in weights}


def _store(known: Known, supplier_ids: Collection[UUID], *, priors: Mapping[str, Decimal], as_of: date) -> int:
    whose = sorted(_whose(known, supplier_ids), key=str)
    held = documents_held(whose, as_of=as_of)
    policies = _policies()
    scores = [_score(one, known.get(one, {}) | held.get(one, {}), policies, priors, as_of) for one in whose]
    Score.objects.bulk_create(
        scores,
        batch_size=_WRITTEN_AT_ONCE,
        update_conflicts=True,
        unique_fields=["supplier", "buyer"],
        update_fields=["as_of", "total", "band", "components"],
    )
    return len(scores)


def _whose(known: Known, supplier_ids: Collection[UUID]) -> set[Whose]:
    """Whoever has facts now, had a score before, and everybody asked for on the platform's own account."""
    stored = Score.objects.filter(supplier_id__in=supplier_ids).values_list("supplier_id", "buyer_id")
    return {*known, *stored, *((key, None) for key in supplier_ids)}


def _score(
    whose: Whose,
    known: Mapping[str, Evidence],
    policies: Mapping[UUID | None, Mapping[str, int]],
    priors: Mapping[str, Decimal],
    as_of: date,
) -> Score:
    supplier_id, buyer_id = whose
    shares = policies.get(buyer_id) or policies[None]
    components = rated(known, priors, shares)
    total = total_score(components)
    return Score(
        supplier_id=supplier_id,
        buyer_id=buyer_id,
        as_of=as_of,
        total=total,
        band=band_of(total),
        components={name: one.as_json() for name, one in components.items()},
    )


def _policies() -> dict[UUID | None, dict[str, int]]:
    """The weights of every buyer who set some; the platform's under ``None``, or the product's own."""
    return {None: ScorePolicy().weights()} | {policy.buyer_id: policy.weights() for policy in ScorePolicy.objects.all()}


def differing_scores() -> list[Score]:
    """Stored scores that the facts do not give again, as of the same day and by the same means."""
    return [score for score in Score.objects.order_by("pk") if _told(recomputed(score)) != _told(score)]


def recomputed(score: Score) -> Score:
    """The same score from the facts alone: as of its day and by the platform means it names."""
    whose: Whose = (score.supplier_id, score.buyer_id)
    known = evidence(as_of=score.as_of, supplier_ids=[score.supplier_id]).get(whose, {})
    held = documents_held([whose], as_of=score.as_of).get(whose, {})
    priors = {name: Decimal(one["prior"]) for name, one in score.components.items() if one["prior"] is not None}
    return _score(whose, known | held, _policies(), priors, score.as_of)


def _told(score: Score) -> tuple[object, ...]:
    return score.total, score.band, score.components
