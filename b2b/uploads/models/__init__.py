from b2b.uploads.models.conversion import ConversionCount
from b2b.uploads.models.memory import HeadingMemory
from b2b.uploads.models.moves import VersionMoves
from b2b.uploads.models.row import Outcome, UploadRow
from b2b.uploads.models.upload import Upload, UploadQuerySet

__all__ = ["ConversionCount", "HeadingMemory", "Outcome", "Upload", "UploadQuerySet", "UploadRow", "VersionMoves"]
