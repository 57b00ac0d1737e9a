"""A clause is worded again by ``revise``; see ``library`` for its life."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from b2b.errors import Invalid
from b2b.policy import Actor
from b2b.workflow import step
from contracts.policy import writing
from contracts.workflow.library import LibraryWorkflow
from contracts.workflow.wording import wording_faults


class ClauseWorkflow(LibraryWorkflow):
    class Meta:
        abstract = True

    @step(["draft", "in_force"], ("draft", "in_force"), by=writing, label=_("Reword"), edits=True)
    def revise(self, *, actor: Actor, text: str, chinese_text: str) -> str:
        """Add a wording, which waits for approval. Raises ``Invalid``."""
        if faults := [*wording_faults(text, chinese_text)]:
            raise Invalid(faults=faults)
        self.versions.create(
            number=self.next_version(), text=text, chinese_text=chinese_text, written_by_id=actor.user_id
        )
        return str(self.state)
