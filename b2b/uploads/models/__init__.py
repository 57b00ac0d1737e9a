from b2b.uploads.models.memory import HeadingMemory
from b2b.uploads.models.row import Outcome, UploadRow
from b2b.uploads.models.upload import Upload, UploadQuerySet

__all__ = ["HeadingMemory", "Outcome", "Upload", "UploadQuerySet", "UploadRow"]
