"""Tables the fastener maker brought: one applied, one taken back, one with faults to mend, one nobody could read."""

from __future__ import annotations

from django.core.files.base import ContentFile

from b2b import jobs
from b2b.demo import World
from b2b.policy import Actor
from b2b.uploads.models import Upload
from b2b.uploads.starting import bring
from suppliers.models import Product

SUPPLIER = "haimao"


def load(world: World) -> None:
    sales = world.who(SUPPLIER, "sales")
    items = list(Product.objects.filter(supplier=world[SUPPLIER], state="draft").order_by("sku")[:1])
    listed = list(Product.objects.filter(supplier=world[SUPPLIER], state="listed").order_by("sku")[:12])
    _apply(_brought("lead-times-autumn.csv", _lead_times(listed, 7), sales), sales)
    _undo(_apply(_brought("lead-times-draft.csv", _lead_times(listed, 60), sales), sales), sales)
    _brought("新品目录.csv", _new_items(items), sales)
    _brought("export-kingdee.csv", _unknown_headings(listed), sales)
    _brought("catalogue-2026.xlsx", b"PK\x03\x04" + b"half of a workbook", sales)
    _brought("wrong-file.csv", _lead_times(listed[:2], 30), sales).cancel(actor=sales)


def _brought(name: str, content: bytes, sales: Actor) -> Upload:
    return _worked(bring(ContentFile(content, name=name), format="catalogue", actor=sales))


def _apply(upload: Upload, sales: Actor) -> Upload:
    upload.apply(actor=sales)
    return _worked(upload)


def _undo(upload: Upload, sales: Actor) -> Upload:
    upload.undo(actor=sales)
    return _worked(upload)


def _worked(upload: Upload) -> Upload:
    """What a worker does meanwhile."""
    if upload.job_id is not None:
        jobs.work(upload.job_id)
    upload.refresh_from_db()
    return upload


# --- The files -------------------------------------------------------------------------------------
def _lead_times(items: list[Product], more: int) -> bytes:
    """Every item takes so many days more."""
    rows = [f'{item.sku},"{item.name}",{item.unit},{(item.lead_time_days or 0) + more}' for item in items]
    return "\n".join(["Item number,Name,Unit,Lead time in days", *rows]).encode()


def _new_items(items: list[Product]) -> bytes:
    """A new washer, one whose unit nobody knows, and one with letters for its minimum order."""
    rows = [
        "HM-W-10,Washer M10,平垫圈 M10,件,500,7",
        "HM-W-12,Washer M12,平垫圈 M12,小盒,500,7",
        "HM-W-16,Washer M16,平垫圈 M16,件,five hundred,7",
        *(f"{item.sku},{item.name.replace(',', '')},,件,100,14" for item in items),
    ]
    return "\n".join(["货号,Name,中文名称,单位,最小起订量,交货天数", *rows]).encode("gb18030")


def _unknown_headings(items: list[Product]) -> bytes:
    rows = [f"{item.sku};{item.name.replace(';', ' ')};{item.unit}" for item in items]
    return "\n".join(["FNumber;FModelText;FBaseMeasure", *rows]).encode()
