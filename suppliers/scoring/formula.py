"""From marks to a score.

A component's score is a Bayesian average of its marks, in the form of Bühlmann's credibility
estimator (H. Bühlmann, “Experience Rating and Credibility”, ASTIN Bulletin 4, 1967)::

    100 · (K·p + Σ w·d·m) / (K + Σ w·d)

with each mark m, its weight w, its decay d, the mean p of all suppliers in that component, and
K = ``PRIOR_WEIGHT``: a supplier with no facts would stand at the mean, and with K facts half way
between the mean and its own. Facts count for ``WINDOW_DAYS``; of each month of 30 days of age their
weight shrinks so that it halves in ``HALF_LIFE_MONTHS``. Documents are known, not sampled, so their
share is not drawn to any mean.

The total is the mean of the rated components by the policy's weights. Who has facts in none of the
components that come from dealings is not rated, which is not the same as zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from suppliers.models.score import Band, Component

WINDOW_DAYS = 365
MONTH_DAYS = 30
HALF_LIFE_MONTHS = 6
PRIOR_WEIGHT = Decimal(5)
BANDS = ((Decimal(85), Band.A), (Decimal(70), Band.B), (Decimal(55), Band.C), (Decimal(0), Band.D))
_PRECISION = 40
_HUNDREDTH = Decimal("0.01")
_DECAY_PLACES = Decimal("0.0001")


def decay_table() -> tuple[Decimal, ...]:
    """The decay of each full month of age within the window, to four places: 1, 0.8909, 0.7937 and so on."""
    with localcontext(prec=_PRECISION):
        halves = (Decimal(2) ** (Decimal(-month) / HALF_LIFE_MONTHS) for month in range(WINDOW_DAYS // MONTH_DAYS + 1))
        return tuple(one.quantize(_DECAY_PLACES, ROUND_HALF_UP) for one in halves)


DECAY = decay_table()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one component: decayed weights and marks summed, and how many facts they come from."""

    count: int
    weight_sum: Decimal
    mark_sum: Decimal


@dataclass(frozen=True, slots=True)
class Rated:
    """A component's score with all that went into it; ``share`` is its weight in the total, of 100."""

    score: Decimal
    evidence: Evidence
    prior: Decimal | None
    share: int

    def as_json(self) -> dict[str, str | int | None]:
        return {
            "score": f"{self.score:f}",
            "count": self.evidence.count,
            "weight_sum": f"{self.evidence.weight_sum.normalize():f}",
            "mark_sum": f"{self.evidence.mark_sum.normalize():f}",
            "prior": None if self.prior is None else f"{self.prior.normalize():f}",
            "share": self.share,
        }


def component_score(evidence: Evidence, prior: Decimal | None) -> Decimal:
    """0 to 100, two places. Without a prior, the plain weighted mean."""
    weight, mean = (Decimal(0), Decimal(0)) if prior is None else (PRIOR_WEIGHT, prior)
    with localcontext(prec=_PRECISION):
        share = (weight * mean + evidence.mark_sum) / (weight + evidence.weight_sum)
        return (100 * share).quantize(_HUNDREDTH, ROUND_HALF_UP)


def rated(
    evidence: Mapping[str, Evidence], priors: Mapping[str, Decimal], shares: Mapping[str, int]
) -> dict[str, Rated]:
    """Every component there is evidence for, in the order of ``Component``."""
    return {
        component: Rated(component_score(known, priors.get(component)), known, priors.get(component), shares[component])
        for component in Component.values
        if (known := evidence.get(component)) is not None and known.weight_sum > 0
    }


def total_score(components: Mapping[str, Rated]) -> Decimal | None:
    """0 to 100, two places; ``None`` is “not rated”."""
    shares = sum(one.share for one in components.values())
    if not components.keys() - {Component.DOCUMENTS} or not shares:
        return None
    with localcontext(prec=_PRECISION):
        weighted = sum((one.share * one.score for one in components.values()), Decimal(0))
        return (weighted / shares).quantize(_HUNDREDTH, ROUND_HALF_UP)


def band_of(total: Decimal | None) -> Band:
    if total is None:
        return Band.NOT_RATED
    return next(band for least, band in BANDS if total >= least)
