"""The life of a document: declared as steps, taken one at a time, never by assignment."""

from b2b.fields import StateField
from b2b.workflow.creation import create, create_all
from b2b.workflow.declaration import Step, step
from b2b.workflow.document import Document
from b2b.workflow.duties import editor
from b2b.workflow.editing import editing
from b2b.workflow.offers import Offer, offers

__all__ = ["Document", "Offer", "StateField", "Step", "create", "create_all", "editing", "editor", "offers", "step"]
