from __future__ import annotations

from io import BytesIO

import pytest
from django.core import mail
from django.core.files.base import ContentFile

from b2b.errors import Blocked, NotAllowed
from b2b.invitation import send_waiting_letters
from b2b.models import Membership, User
from b2b.sheets.exporting import export_to
from b2b.uploads.formats import format_of
from b2b.uploads.starting import bring, pasted
from tests.clients import machine
from tests.factories.b2b import MembershipFactory, UserFactory, member

pytestmark = pytest.mark.django_db

HEAD = "E-mail\tName\tRoles\n"


@pytest.fixture
def chief(owner):
    return member(owner, "admin")


@pytest.fixture
def listed(chief, do_jobs):
    def bring_it(table, actor=chief):
        file = pasted(table) if isinstance(table, str) else ContentFile(table, name="members.xlsx")
        upload = bring(file, format="members", actor=actor)
        do_jobs()
        upload.refresh_from_db()
        return upload

    return bring_it


@pytest.fixture
def taken(listed, chief, do_jobs):
    def apply_it(table):
        upload = listed(table)
        upload.apply(actor=chief)
        do_jobs()
        upload.refresh_from_db()
        return upload

    return apply_it


@pytest.fixture
def undone(chief, do_jobs):
    def undo_it(upload):
        upload.undo(actor=chief)
        do_jobs()
        upload.refresh_from_db()
        return upload

    return undo_it


def told(upload):
    rows = upload.rows.order_by("number")
    return {row.number: (row.outcome, *[fault["code"] for fault in row.faults or ()]) for row in rows}


def staff(owner):
    rows = Membership.objects.filter(organisation=owner).values_list("user__email", "roles", "active")
    return {email: (sorted(roles), active) for email, roles, active in rows}


def test_new_people_are_invited_and_roles_changed_and_the_others_kept(taken, owner, deliver):
    MembershipFactory(organisation=owner, user=UserFactory(email="a@example.com"), roles=["buyer"])
    MembershipFactory(organisation=owner, user=UserFactory(email="kept@example.com"), roles=["finance"])

    upload = taken(HEAD + "A@example.com\tAnother name\t采购员, Finance\nNew@example.com\tLi Wei\treceiver\n")
    send_waiting_letters()
    deliver()

    assert told(upload) == {2: ("changed",), 3: ("new",)}
    found = staff(owner)
    assert found["a@example.com"] == (["buyer", "finance"], True)
    assert found["new@example.com"] == (["receiver"], True)
    assert found["kept@example.com"] == (["finance"], True)
    assert User.objects.get(email="new@example.com").name == "Li Wei"
    assert [letter.to for letter in mail.outbox] == [["new@example.com"]]


def test_undoing_restores_roles_and_withdraws_invitations_nobody_accepted(taken, undone, owner):
    MembershipFactory(organisation=owner, user=UserFactory(email="a@example.com"), roles=["buyer"])
    MembershipFactory(organisation=owner, user=UserFactory(email="left@example.com"), roles=["sales"], active=False)
    UserFactory(email="elsewhere@example.com")
    before = staff(owner)
    upload = taken(
        HEAD
        + "a@example.com\t\tfinance\nleft@example.com\t\tbuyer\nelsewhere@example.com\t\tbuyer\nn@example.com\t\t\n"
    )
    assert len(staff(owner)) == len(before) + 2

    undone(upload)

    assert upload.state == "undone"
    assert staff(owner) == before
    assert not User.objects.filter(email="n@example.com").exists()
    assert User.objects.filter(email="elsewhere@example.com").exists()


FIVE = HEAD + "".join(f"n{number}@example.com\t\tbuyer\n" for number in range(5))


def test_letters_go_out_at_a_bounded_rate_and_each_once(taken, deliver, settings):
    settings.INVITATIONS_PER_MINUTE = 2
    taken(FIVE)
    deliver()
    assert mail.outbox == []

    sent = []
    for _minute in range(4):
        sent.append(send_waiting_letters())
        deliver()

    assert sent == [2, 2, 1, 0]
    assert sorted(letter.to[0] for letter in mail.outbox) == [f"n{number}@example.com" for number in range(5)]


def test_undoing_stops_the_letters_that_have_not_gone_out(taken, undone, deliver, settings):
    settings.INVITATIONS_PER_MINUTE = 2
    upload = taken(FIVE)
    send_waiting_letters()

    undone(upload)
    deliver()
    send_waiting_letters()
    deliver()

    assert (upload.state, mail.outbox) == ("undone", [])


def test_who_came_back_and_was_sent_away_again_gets_no_letter(taken, undone, owner, deliver):
    MembershipFactory(organisation=owner, user=UserFactory(email="left@example.com"), roles=["sales"], active=False)
    upload = taken(HEAD + "left@example.com\t\tbuyer\n")

    undone(upload)

    assert send_waiting_letters() == 0
    assert not Membership.objects.filter(organisation=owner, letter_waits=True).exists()


def test_the_review_says_how_many_letters_applying_sends(listed, owner, chief, settings, client_of):
    settings.INVITATIONS_PER_MINUTE = 30
    MembershipFactory(organisation=owner, user=UserFactory(email="a@example.com"), roles=["buyer"])
    MembershipFactory(organisation=owner, user=UserFactory(email="left@example.com"), roles=["sales"], active=False)
    upload = listed(FIVE + "a@example.com\t\tfinance\nleft@example.com\t\tbuyer\n")

    client = client_of(owner, "admin")
    notes = client.get(f"/api/v1/uploads/{upload.pk}/").json()["notes"]
    chinese = client.get(f"/api/v1/uploads/{upload.pk}/", headers={"Accept-Language": "zh-hans"}).json()["notes"]

    assert [(one["code"], one["detail"]) for one in notes] == [
        (
            "letters",
            (
                "Applying this sends letters of invitation to 6 people, at most 30 a minute. Undoing it stops those "
                "that have not gone out."
            ),
        )
    ]
    assert [one["detail"] for one in chinese] == [
        "使其生效后将向 6 人发送邀请邮件，每分钟最多 30 封。撤销上传后，尚未发出的邮件不再发送。"
    ]


def test_an_invitation_that_was_accepted_stays(taken, owner, chief):
    upload = taken(HEAD + "n@example.com\t\tbuyer\n")
    person = User.objects.get(email="n@example.com")
    person.set_password("correct horse battery")
    person.save()

    with pytest.raises(Blocked) as refused:
        upload.undo(actor=chief)

    assert [fault.code for fault in refused.value.faults] == ["gone-on-since"]
    assert staff(owner)["n@example.com"] == (["buyer"], True)


def test_somebody_has_to_stay_administrator(listed, taken, owner, chief):
    email = User.objects.get(pk=chief.user_id).email

    alone = listed(HEAD + f"{email}\t\tbuyer\n")
    handed_over = taken(HEAD + f"{email}\t\tbuyer\nnext@example.com\t\tadmin\n")

    assert told(alone) == {2: ("faulty", "last-administrator")}
    assert handed_over.state == "applied"
    assert staff(owner)[email] == (["buyer"], True)


def test_strange_roles_and_addresses_are_named_by_cell(listed):
    upload = listed(
        HEAD + "a@example.com\t\tbuyer, wizard\nnowhere\t\tbuyer\nb@example.com\t\tbuyer\nB@example.com\t\t\n"
    )

    assert told(upload) == {
        2: ("faulty", "unknown-choice"),
        3: ("faulty", "not-an-address"),
        4: ("faulty", "duplicate-key"),
        5: ("faulty", "duplicate-key"),
    }


def test_only_administrators_bring_members(listed, owner):
    with pytest.raises(NotAllowed):
        listed(HEAD + "a@example.com\t\tbuyer\n", actor=member(owner, "buyer"))


def test_members_whose_roles_changed_since_the_review_are_left_alone(listed, owner, chief, do_jobs):
    someone = MembershipFactory(organisation=owner, user=UserFactory(email="a@example.com"), roles=["buyer"])
    upload = listed(HEAD + "a@example.com\t\tfinance\nn@example.com\t\tbuyer\n")
    someone.roles = ["sales"]
    someone.save()

    upload.apply(actor=chief)
    do_jobs()

    upload.refresh_from_db()
    assert (upload.state, upload.problem["code"]) == ("reviewed", "changed-since-review")
    assert staff(owner)["a@example.com"] == (["sales"], True)
    assert "n@example.com" not in staff(owner)


def test_an_export_brought_again_changes_nothing(listed, owner):
    MembershipFactory(organisation=owner, roles=["sales", "buyer", "admin"])
    MembershipFactory(organisation=owner, roles=[])
    MembershipFactory(organisation=owner, roles=["buyer"], active=False)
    declared, file = format_of("members"), BytesIO()
    rows = declared.rows(organisation_id=owner.pk, target=None, actor=member(owner, "admin"))
    export_to(file, declared.sheet, rows, language="zh-hans")

    upload = listed(file.getvalue())

    assert upload.counts == {"unchanged": 4}


def test_a_token_for_uploads_alone_makes_nobody_an_administrator(owner, chief):
    boss = machine(User.objects.get(pk=chief.user_id), owner, "uploads:write")

    refused = boss.post(
        "/api/v1/uploads/", {"text": "E-mail\tRoles\na@b.example\tadmin\n", "format": "members"}, format="json"
    )

    assert (refused.status_code, refused.json()["detail"]) == (403, "It needs the scope b2b:write.")
