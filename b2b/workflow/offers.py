"""What a reader may do next with a document, and why a closed step is closed."""

from __future__ import annotations

from dataclasses import dataclass

from b2b.errors import Fault
from b2b.policy import Actor
from b2b.workflow.declaration import blockers
from b2b.workflow.document import Document


@dataclass(frozen=True, slots=True)
class Offer:
    """A step this actor may take from the present state; closed while ``reasons`` remain."""

    name: str
    label: str
    reasons: tuple[Fault, ...]

    @property
    def open(self) -> bool:
        return not self.reasons


def offers(document: Document, actor: Actor) -> list[Offer]:
    """The steps that leave the present state and that ``actor`` may take, in the order of declaration."""
    return [
        Offer(declared.name, str(declared.label), blockers(declared, document))
        for declared in document.steps().values()
        if document.state in declared.sources and declared.by(actor, document)
    ]
