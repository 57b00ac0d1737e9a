"""The price lists an upload fills: made, touched once each, and given back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from b2b import journal
from b2b.policy import Actor
from b2b.uploads.models import Upload
from b2b.workflow.editing import require_editable
from suppliers import price_rows
from suppliers.drafting import draft_price_list
from suppliers.models import PriceList


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class Lists:
    """Which they are stands in the upload's ``basis``: ``price_lists`` it fills, of which it made ``made``.

    ``lists`` says what those are made of that are not there yet, by their keys.
    """

    def __init__(self, upload: Upload, actor: Actor) -> None:
        self.upload, self.actor = upload, actor

    def make(self, keys: Collection[UUID]) -> None:
        """Draft those that are not there."""
        there = set(PriceList.objects.filter(pk__in=keys).values_list("pk", flat=True))
        for key in sorted(set(keys) - there):
            facts = (self.upload.basis or {})["lists"][str(key)]
            draft_price_list(
                self.upload.organisation_id,
                actor=self.actor,
                id=key,
                name=facts["name"],
                buyer_id=facts["buyer_id"] and UUID(facts["buyer_id"]),
                scope=facts["scope"],
                currency=facts["currency"],
                valid_from=date.fromisoformat(facts["valid_from"]),
                valid_until=facts["valid_until"] and date.fromisoformat(facts["valid_until"]),
            )
            self._keep("made", key)
            self._keep("price_lists", key)

    def touch(self, keys: Collection[UUID]) -> None:
        """Hold them; the first time, journal that the upload fills them. Raises ``WrongState`` or ``NotAllowed``."""
        for one in self._locked(keys):
            if str(one.pk) in self._ends():
                self._end(one)
                continue
            require_editable(one, self.actor)
            if str(one.pk) not in self._kept("price_lists"):
                self._move(one, "edit")
                self._keep("price_lists", one.pk)

    def gone_on(self) -> list[PriceList]:
        """Those that are no drafts any more, and those it ended whose days another list has by now."""
        filled = PriceList.objects.filter(pk__in=self._kept("price_lists")).exclude(state="draft")
        ended = PriceList.objects.filter(pk__in=self._ended())
        return [*filled, *(one for one in ended if not self._can_go_on(one))]

    def have_gone_on(self) -> bool:
        self._locked([*self._kept("price_lists"), *self._ended()])
        return bool(self.gone_on())

    def give_back(self) -> None:
        """Nothing of the upload is left in them: those it made are withdrawn, the others say so in the journal."""
        made = self._kept("made")
        for one in self._locked(self._kept("price_lists")):
            if str(one.pk) in made:
                one.withdraw(actor=self.actor, reason=gettext("The upload that made it was taken back."))
            else:
                self._move(one, "edit")
        for one in self._locked(self._ended()):
            self._let_go_on(one)
        names = price_rows.renew_lists(self.upload.pk, made)
        lists = (self.upload.basis or {}).get("lists", {})
        again = {names.get(key, key): facts for key, facts in lists.items()}
        self._write({"lists": again, "ends": self._ends()})

    # --- Lists that end ---------------------------------------------------------------------------------------
    def _ends(self) -> dict[str, str]:
        """By the list's key the last day the upload gives it."""
        return dict((self.upload.basis or {}).get("ends", {}))

    def _ended(self) -> dict[str, str | None]:
        """By the keys of those it has ended: the last day they had before."""
        return dict((self.upload.basis or {}).get("ended", {}))

    def _end(self, one: PriceList) -> None:
        """Raises ``WrongState``, ``NotAllowed`` or ``Invalid``."""
        key = str(one.pk)
        if key in self._ended():
            return
        before = one.valid_until and one.valid_until.isoformat()
        one.end(actor=self.actor, valid_until=date.fromisoformat(self._ends()[key]))
        self._write({**(self.upload.basis or {}), "ended": {**self._ended(), key: before}})

    def _can_go_on(self, one: PriceList) -> bool:
        """Whether it is as the upload left it, and its days behind its end are still free."""
        if one.state != "published" or one.valid_until is None:
            return False
        if one.valid_until.isoformat() != self._ends().get(str(one.pk)):
            return False
        one.valid_until = _day(self._ended()[str(one.pk)])
        return one.overlapping() is None

    def _let_go_on(self, one: PriceList) -> None:
        before = journal.snapshot(one)
        one.valid_until = _day(self._ended()[str(one.pk)])
        one.version += 1
        one.save(update_fields=["version", "valid_until"])
        price_rows.restore_ends(self.upload.pk, one.pk)
        journal.record(one, "edit", actor=self.actor, before=before, inputs={"upload": str(self.upload.pk)})

    def _move(self, one: PriceList, step: str) -> None:
        before = journal.snapshot(one)
        one.version += 1
        one.save(update_fields=["version"])
        journal.record(one, step, actor=self.actor, before=before, inputs={"upload": str(self.upload.pk)})

    def _locked(self, keys: Collection[Any]) -> list[PriceList]:
        return list(PriceList.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))

    # --- What the upload keeps -----------------------------------------------------------------------------
    def _kept(self, name: str) -> list[str]:
        return list((self.upload.basis or {}).get(name, ()))

    def _keep(self, name: str, key: UUID) -> None:
        self._write({**(self.upload.basis or {}), name: [*self._kept(name), str(key)]})

    def _write(self, basis: dict[str, Any]) -> None:
        self.upload.basis = basis
        Upload.objects.filter(pk=self.upload.pk).update(basis=basis)
