"""One case as a sealed parcel: what the documents say, what happened, and the proof, for anybody to verify.

The parcel is a zip of ``case.json``, ``journal.json`` (see ``b2b.journal.proof``), ``case.pdf``,
``README.txt`` and ``manifest.json`` with the SHA-256 of each and an Ed25519 signature over them.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from b2b import pdf
from b2b.clock import database_now
from b2b.errors import Invalid
from b2b.journal import Finding, sign_checkpoint, snapshot
from b2b.journal.checkpoint import signing_key
from b2b.journal.proof import proof, verify_proof
from b2b.models.encoding import JournalEncoder
from b2b.workflow import Document
from compliance.cases import Case, timeline

FILES = ("case.json", "journal.json", "case.pdf", "README.txt")
MANIFEST = "manifest.json"
LARGEST_FILE_BYTES = 512 * 1024 * 1024
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class NoEvidence(Invalid):
    """The file is no parcel of evidence at all."""

    code = "not-evidence"


def export(case: Case) -> bytes:
    """The parcel; signs a checkpoint first, so that the case's last entry is covered too."""
    sign_checkpoint()
    at = database_now()
    contents = {
        "case.json": _json(_told(case, at)),
        "journal.json": _json(proof(case.documents)),
        "case.pdf": _pdf(case, at),
        "README.txt": _readme().encode(),
    }
    return _zipped(contents | {MANIFEST: _manifest(contents, at)})


def verify_evidence(parcel: bytes, *, trusted_key: str | None = None) -> list[Finding]:
    """Everything wrong with a parcel. Raises ``NoEvidence`` when it is no parcel.

    ``trusted_key`` is the issuing installation's public key in base64, as the reader knows it.
    """
    contents = _unzipped(parcel)
    try:
        manifest = json.loads(contents[MANIFEST])
        findings = [*_broken_manifest(manifest, contents)]
        journal, told = json.loads(contents["journal.json"]), json.loads(contents["case.json"])
        findings += verify_proof(journal, trusted_key=trusted_key)
        if manifest["public_key"] != journal["public_key"]:
            findings.append(Finding(MANIFEST, "it is signed with another key than the journal"))
        return findings + _unproven(told, journal)
    except (KeyError, TypeError, ValueError) as error:
        raise NoEvidence(_("The file is damaged or was not exported here.")) from error


def _told(case: Case, at: datetime) -> dict[str, Any]:
    return {
        "title": case.title,
        "exported_at": at,
        "documents": [_document(document) for document in case.documents],
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "type": document._meta.label_lower,
        "id": document.pk,
        "number": document.number,
        "state": document.state,
        "version": document.version,
        "content": snapshot(document, with_lines=True).values,
    }


def _pdf(case: Case, at: datetime) -> bytes:
    context = {"case": case, "rows": timeline(case), "exported_at": at, "date": at}
    return pdf.render("compliance/case.html", context, language=get_language() or "en").pdf


def _readme() -> str:
    return (
        "This parcel holds one case: what its documents said when it was exported (case.json, case.pdf) and\n"
        "everything that happened to them (journal.json), each entry chained to the one before by SHA-256 and\n"
        "covered by a signed checkpoint. To verify it:  script/manage verify_evidence FILE.zip\n\n"
        "本证据包包含一个案卷：导出时各单据的内容（case.json、case.pdf）以及发生过的全部操作（journal.json）。\n"
        "每条记录以 SHA-256 与前一条相连，并由签名检查点覆盖。验证方法：script/manage verify_evidence FILE.zip\n"
    )


def _manifest(contents: Mapping[str, bytes], at: datetime) -> bytes:
    claim = {"exported_at": at.isoformat(), "files": {name: _digest(content) for name, content in contents.items()}}
    key = signing_key()
    signed = {
        **claim,
        "public_key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        "signature": key.sign(_claimed(claim)).hex(),
    }
    return _json(signed)


def _claimed(manifest: Mapping[str, Any]) -> bytes:
    claim = {name: manifest[name] for name in ("exported_at", "files")}
    return json.dumps(claim, sort_keys=True).encode()


def _broken_manifest(manifest: Mapping[str, Any], contents: Mapping[str, bytes]) -> list[Finding]:
    findings = []
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(manifest["public_key"]))
        key.verify(bytes.fromhex(manifest["signature"]), _claimed(manifest))
    except InvalidSignature:
        findings.append(Finding(MANIFEST, "its signature does not cover what it says"))
    for name in sorted(contents.keys() - {MANIFEST} | manifest["files"].keys()):
        if name not in contents:
            findings.append(Finding(name, "it is missing"))
        elif manifest["files"].get(name) != _digest(contents[name]):
            findings.append(Finding(name, "it is not the file that was exported"))
    return findings


def _unproven(told: Mapping[str, Any], journal: Mapping[str, Any]) -> list[Finding]:
    """Each document's version counts its entries: none may be missing at the end."""
    last: dict[str, int] = {}
    for entry in journal["entries"]:
        _kind, key, sequence, *_rest = json.loads(entry["text"])
        last[key] = max(last.get(key, 0), sequence)
    return [
        Finding(f"{document['type']} {document['id']}", "its version and its last journal entry disagree")
        for document in told["documents"]
        if last.get(document["id"], 0) != document["version"]
    ]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, cls=JournalEncoder, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _zipped(contents: Mapping[str, bytes]) -> bytes:
    parcel = io.BytesIO()
    with zipfile.ZipFile(parcel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), content, zipfile.ZIP_DEFLATED)
    return parcel.getvalue()


def _unzipped(parcel: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(parcel)) as archive:
            sizes = sum(info.file_size for info in archive.infolist())
            if sizes > LARGEST_FILE_BYTES:
                raise NoEvidence(_("The file unpacks to more than any case holds."))
            return {info.filename: archive.read(info) for info in archive.infolist()}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise NoEvidence(_("The file is no zip.")) from error
