"""Who works for an organisation, as a table: one row per person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b import staffing
from b2b.errors import Fault
from b2b.invitation import letters_sentence
from b2b.models import JournalEntry, Membership, Role, User
from b2b.policy import Actor, admin
from b2b.sheets import parsers
from b2b.sheets.cells import Cell
from b2b.sheets.faults import CellFault, cell_fault
from b2b.sheets.parser import Around, Parser
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.texts import words
from b2b.uploads.drift import Drifted
from b2b.uploads.format import Act, Candidate, Format, Notice, Session
from b2b.uploads.formats import register
from b2b.uploads.models import Upload
from b2b.uploads.settling import make_faulty

BETWEEN = ", "
_SPLIT = re.compile(r"\s*[,;，；、\n/|+]\s*")
SHOWN_DEPENDENTS = 5


@dataclass(frozen=True)
class Roles(Parser[tuple[str, ...]]):
    """Several roles in one cell, by name in either language or by code; in the order of their codes."""

    expects: ClassVar[str | Promise] = _("roles such as Buyer, Finance")

    def read(self, cell: Cell, around: Around) -> tuple[str, ...]:
        text = words(cell, self.expects)
        one = parsers.choice(Role)
        return tuple(sorted({one(part) for part in _SPLIT.split(text) if part}))

    def write(self, value: Iterable[str]) -> str:
        return BETWEEN.join(str(Role(code).label) for code in value)

    def same(self, cell: Cell, value: tuple[str, ...]) -> bool:
        """Naming roles in another order or language is no conversion worth telling."""
        return True


class MemberSheet(Sheet):
    code = "members"
    title = _("Members")
    about = _(
        "One row per person; the e-mail address says who. Who is new gets an account and a letter; whose roles differ "
        "gets those of the file. Members missing from the file stay. Taking an upload back restores the roles and "
        "withdraws invitations nobody has accepted yet."
    )
    key: ClassVar = ("email",)

    email = Column(
        ("E-mail", "电子邮箱"),
        parsers.email(),
        ("E-mail address", "Mail", "邮箱"),
        width=32,
        example="li.wei@example.com",
    )
    name = Column(
        ("Name", "姓名"),
        parsers.text(max_length=150),
        ("Full name", "Person"),
        required=False,
        width=24,
        example="Li Wei",
        note=_("For new accounts; whoever has one keeps their name."),
    )
    roles = Column(
        ("Roles", "角色"),
        Roles(),
        ("Role",),
        required=False,
        width=40,
        example="buyer, finance",
        note=_("Several between commas. Blank: none."),
    )


class MemberSession(Session):
    def members(self) -> QuerySet[Membership]:
        return Membership.objects.filter(organisation_id=self.upload.organisation_id).select_related("user")

    # --- Review ---------------------------------------------------------------------------------------
    def review(self, rows: Sequence[Candidate]) -> None:
        for row in rows:
            row.key = row.row["email"].lower()
        there = self._there([row.key for row in rows])
        for row in rows:
            self._compare(row, there.get(row.key))

    def _there(self, emails: Sequence[str]) -> dict[str, Membership]:
        found = self.members().annotate(email=Lower("user__email")).filter(email__in=emails)
        return {member.user.email.lower(): member for member in found}

    def _compare(self, row: Candidate, member: Membership | None) -> None:
        wanted = BETWEEN.join(row.row["roles"] or ())
        if member is None:
            row.outcome = "new"
            row.after = {"email": row.key, "name": row.row["name"] or "", "roles": wanted}
            return
        row.document_id = member.pk
        now = _told(member)
        said = {"active": True} | ({"roles": wanted} if "roles" in row.places else {})
        differing = [name for name, value in said.items() if now[name] != value]
        if differing:
            row.outcome = "changed"
            row.before = {name: now[name] for name in differing}
            row.after = {name: said[name] for name in differing}

    def settle(self) -> None:
        """Somebody has to stay administrator."""
        deposed = [number for number, before, after in self._changes() if _is_deposed(before, after)]
        if deposed and self._administrators() < 1:
            make_faulty(self.upload, {number: self._last(number) for number in deposed})

    def _administrators(self) -> int:
        """How many there are once the table is applied."""
        change = sum(
            _is_administrator(after) - _is_administrator(before)
            for _number, before, after in self._changes()
            if "roles" in after
        )
        return staffing.administrators(self.upload.organisation_id) + change

    def _changes(self) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
        rows = self.upload.rows.filter(outcome__in=["new", "changed"]).values_list("number", "before", "after")
        return ((number, before or {}, after or {}) for number, before, after in rows)

    def _last(self, number: int) -> CellFault:
        layout = self.upload.layout or {}
        return cell_fault(
            staffing.LastAdministrator.code,
            str(staffing.LastAdministrator.title),
            sheet=layout.get("table", ""),
            row=number,
            column=layout.get("columns", {}).get("roles", 0),
            heading=self.sheet.columns["roles"].here,
        )

    # --- Coming into force ------------------------------------------------------------------------------
    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        there = self._there([act.key for act in acts])
        drifted = [act for act in acts if _has_moved(act, there.get(act.key), "before")]
        if drifted:
            raise Drifted(faults=[_drift(act) for act in drifted])
        for act in sorted(acts, key=lambda one: not _is_administrator(one.after or {})):
            self._apply(act, there.get(act.key), actor)

    def _apply(self, act: Act, member: Membership | None, actor: Actor) -> None:
        said = act.after or {}
        roles = _roles(said["roles"]) if "roles" in said else list(member.roles if member else ())
        if member is not None and member.active:
            staffing.change_membership(member.pk, actor=actor, roles=roles)
            return
        is_known = User.objects.filter(email__iexact=act.key).exists()
        made = staffing.enlist(actor, email=act.key, name=said.get("name", ""), roles=roles)
        if not is_known:
            self._keep(made.user_id)

    def _keep(self, user_id: UUID) -> None:
        self.upload.basis = {"accounts": [*self._accounts(), str(user_id)]}
        Upload.objects.filter(pk=self.upload.pk).update(basis=self.upload.basis)

    def _accounts(self) -> list[str]:
        """Of people who had none before."""
        return list((self.upload.basis or {}).get("accounts", ()))

    # --- Taking back --------------------------------------------------------------------------------------
    def take_back(self, acts: Sequence[Act], *, actor: Actor) -> None:
        there = self._there([act.key for act in acts])
        drifted = [act for act in acts if _has_moved(act, there.get(act.key), "after")]
        drifted += [act for act in acts if act.outcome == "new" and self._has_begun(there.get(act.key))]
        if drifted:
            raise Drifted(faults=[_drift(act) for act in drifted])
        for act in acts:
            self._take_back(act, there[act.key])
        if not staffing.administrators(self.upload.organisation_id):
            raise Drifted(faults=[_drift(act) for act in acts if _is_administrator(act.after or {})])

    def _take_back(self, act: Act, member: Membership) -> None:
        if act.outcome == "new":
            member.delete()
            User.objects.filter(pk__in=self._accounts(), memberships=None).filter(pk=member.user_id).delete()
            return
        before = act.before or {}
        member.roles = _roles(before["roles"]) if "roles" in before else member.roles
        member.active = before.get("active", member.active)
        member.letter_waits = member.letter_waits and member.active
        member.save(update_fields=["roles", "active", "letter_waits"])

    def _has_begun(self, member: Membership | None) -> bool:
        """Whether a new member accepted, or did anything here."""
        if member is None:
            return False
        accepted = str(member.user_id) in self._accounts() and member.user.has_usable_password()
        done = JournalEntry.objects.filter(user_id=member.user_id, organisation_id=self.upload.organisation_id)
        return accepted or done.exists()

    def dependents(self) -> Iterable[Fault]:
        acting = self.upload.rows.acting().filter(number__lte=self.upload.applied_through).order_by("number")
        acts = [Act(*row) for row in acting.values_list("number", "key", "outcome", "document_id", "before", "after")]
        there = self._there([act.key for act in acts])
        moved = [act for act in acts if _has_moved(act, there.get(act.key), "after")]
        begun = [act for act in acts if act.outcome == "new" and self._has_begun(there.get(act.key))]
        for act in [*moved, *begun][:SHOWN_DEPENDENTS]:
            yield _drift(act)

    def notices(self) -> Iterable[Notice]:
        invited = Q(outcome="new") | Q(outcome="changed", after__active=True)
        if count := self.upload.rows.filter(invited).count():
            yield Notice("letters", letters_sentence(count))

    # --- For people -----------------------------------------------------------------------------------------
    def labels(self, acts: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, str]]:
        written = {act["roles"] for act in acts if act.get("roles")}
        return {"roles": {roles: Roles().write(_roles(roles)) for roles in written}}

    def heading_of(self, column: str) -> str:
        return gettext("active") if column == "active" else super().heading_of(column)


@register
class Members(Format):
    sheet, by = MemberSheet, admin
    session_class = MemberSession
    scope: ClassVar = "b2b"

    def rows(self, *, organisation_id: UUID, target: Any, actor: Actor) -> Iterator[Mapping[str, Any]]:
        members = Membership.objects.filter(organisation_id=organisation_id, active=True).select_related("user")
        for member in members.order_by("user__email"):
            roles = tuple(sorted(member.roles))
            yield {"email": member.user.email, "name": member.user.name or None, "roles": roles or None}


def _told(member: Membership) -> dict[str, Any]:
    return {"active": member.active, "roles": BETWEEN.join(sorted(member.roles))}


def _roles(told: str) -> list[str]:
    return told.split(BETWEEN) if told else []


def _is_administrator(said: Mapping[str, Any]) -> bool:
    return Role.ADMIN.value in _roles(said.get("roles", ""))


def _is_deposed(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return "roles" in after and _is_administrator(before) and not _is_administrator(after)


def _has_moved(act: Act, member: Membership | None, side: str) -> bool:
    """Whether the member is not as the review left it, or not as the upload made it."""
    if act.outcome == "new" and side == "before":
        return member is not None
    if member is None:
        return True
    said = (act.before if side == "before" else act.after) or {}
    now = _told(member)
    return any(now[name] != value for name, value in said.items() if name in now)


def _drift(act: Act) -> Fault:
    detail = gettext("Row %(row)s: “%(key)s” has gone on since: roles changed, or the invitation was accepted.")
    return Fault(f"#/rows/{act.number}", "gone-on-since", detail % {"row": act.number, "key": act.key})
