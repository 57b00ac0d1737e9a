"""What a supplier is rated, and by what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from suppliers.models import Score, ScoreFact
from suppliers.scoring.formula import WINDOW_DAYS

if TYPE_CHECKING:
    from b2b.policy import Actor


def score_of(supplier_id: UUID, buyer_id: UUID | None = None) -> Score | None:
    """The stored score by one buyer, or by all buyers together; ``None`` before anything was ever told."""
    return Score.objects.filter(supplier_id=supplier_id, buyer_id=buyer_id).first()


def scores_of(supplier_ids: list[UUID], buyer_id: UUID | None = None) -> dict[UUID, Score]:
    """Like ``score_of`` for several suppliers, in one query."""
    scores = Score.objects.filter(supplier_id__in=supplier_ids, buyer_id=buyer_id)
    return {score.supplier_id: score for score in scores}


def facts_behind(score: Score, actor: Actor) -> QuerySet[ScoreFact]:
    """The facts a score was made from, as far as the reader may see them, newest first."""
    facts = ScoreFact.objects.visible_to(actor).filter(supplier_id=score.supplier_id, happened_on__lte=score.as_of)
    if score.buyer_id is not None:
        facts = facts.filter(buyer_id=score.buyer_id)
    return facts.filter(happened_on__gt=score.as_of - timedelta(days=WINDOW_DAYS), weight__gt=0)
