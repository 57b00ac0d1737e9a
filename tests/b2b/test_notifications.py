"""Who should know is told once, in their own language, in the application and by mail as they wish."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.utils.translation import override

from b2b import events, notifications, outbox
from b2b.models import Notification, NotificationPreference, OutboxMessage
from b2b.notifications import kind, kinds, members_with_role, notify, words
from b2b.notifications.kinds import DOCUMENT_PAGE
from b2b.notifications.mail import LONGEST_SUBJECT, mail_notification
from b2b.policy import CLOCK
from tests.factories.b2b import MembershipFactory, OrganisationFactory, SupplierFactory, actor_for, member
from tests.factories.sample import MemoFactory
from tests.sample.models import both

pytestmark = pytest.mark.django_db

LATE = kind(
    "tests.memo_late",
    title=both("%(number)s is %(days)s days late", "%(number)s 已逾期 %(days)s 天"),
    body=both("%(buyer)s waits.", "%(buyer)s 正在等待。"),
)
QUIET = kind("tests.memo_seen", title="Somebody read %(document)s", by_email=False)


@pytest.fixture
def memo():
    memo = MemoFactory()
    type(memo).objects.filter(pk=memo.pk).update(number="MEMO-2026-000007")
    memo.refresh_from_db()
    return memo


def told(memo, membership, **parameters):
    return notify([membership], LATE.name, memo, **{"days": 3, "buyer": "Kölner Werke"} | parameters)[0]


def test_members_are_found_by_role_and_only_while_they_are_active():
    buyer = OrganisationFactory()
    finance, both_roles = (
        MembershipFactory(organisation=buyer, roles=["finance"]),
        MembershipFactory(organisation=buyer, roles=["buyer", "finance"]),
    )
    MembershipFactory(organisation=buyer, roles=["buyer"])
    MembershipFactory(organisation=buyer, roles=["finance"], active=False)
    MembershipFactory(organisation=buyer, roles=["finance"], user__is_active=False)
    MembershipFactory(roles=["finance"])

    assert set(members_with_role(buyer.pk, ["finance", "sales"])) == {finance, both_roles}


def test_a_notification_keeps_facts_and_is_worded_for_its_reader(memo):
    notification = told(memo, MembershipFactory())

    kept = Notification.objects.get()
    assert (kept.kind, kept.document_type, kept.document_id, kept.document_number) == (
        "tests.memo_late",
        "sample.memo",
        memo.pk,
        "MEMO-2026-000007",
    )
    assert kept.parameters == {"days": 3, "buyer": "Kölner Werke"}
    with override("en"):
        assert (words(notification).title, words(notification).body) == (
            "MEMO-2026-000007 is 3 days late",
            "Kölner Werke waits.",
        )
    with override("zh-hans"):
        assert words(notification).title == "MEMO-2026-000007 已逾期 3 天"
    assert words(notification).path == f"/documents/sample.memo/{memo.pk}"


def test_a_value_the_words_name_must_be_given_and_the_kind_declared(memo):
    members = [MembershipFactory()]

    with pytest.raises(KeyError):
        notify(members, LATE.name, memo, days=3)
    with pytest.raises(LookupError):
        notify(members, "tests.no_such_kind", memo)
    with pytest.raises(LookupError):
        notify(members, "sample.memo.no_such_step", memo)

    assert not Notification.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_telling_many_costs_three_statements(memo, django_assert_num_queries):
    members = [MembershipFactory() for _ in range(20)]

    with django_assert_num_queries(3):
        notify(members, LATE.name, memo, days=3, buyer="B")

    assert Notification.objects.count() == 20


def test_one_sees_ones_own_for_the_organisation_one_acts_for(memo):
    here = MembershipFactory()
    there = MembershipFactory(user=here.user)
    shown = told(memo, here)
    told(memo, there)
    colleague = member(here.organisation, "admin")

    assert list(Notification.objects.visible_to(actor_for(here.user, here.organisation))) == [shown]
    assert not Notification.objects.visible_to(colleague).exists()
    assert not Notification.objects.visible_to(CLOCK).exists()


def test_reading_marks_what_was_unread_and_keeps_the_first_time(memo):
    membership = MembershipFactory()
    first, second = told(memo, membership), told(memo, membership)
    Notification.objects.filter(pk=first.pk).mark_read()
    first.refresh_from_db()

    assert Notification.objects.all().mark_read() == 1

    assert Notification.objects.get(pk=first.pk).read_at == first.read_at
    assert Notification.objects.unread().count() == 0
    assert Notification.objects.get(pk=second.pk).read_at is not None


def test_mail_goes_out_once_as_text_and_html_in_the_recipients_language(memo, deliver, settings):
    settings.SITE_URL = "https://hanse.example"
    membership = MembershipFactory(user__language="zh-hans", organisation__name="科隆 & Söhne")

    notification = told(memo, membership, buyer="<b>Köln</b>")
    deliver()

    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("MEMO-2026-000007 已逾期 3 天", [membership.user.email])
    assert parseaddr(sent.from_email)[1] == "no-reply@hanse.example"
    assert sent.extra_headers["Message-ID"] == f"<{notification.pk}@hanse.example>"
    link = f"https://hanse.example/documents/sample.memo/{memo.pk}"
    assert "<b>Köln</b> 正在等待。" in sent.body
    assert link in sent.body
    assert "科隆 & Söhne" in sent.body
    html, media_type = sent.alternatives[0]
    assert media_type == "text/html"
    assert "&lt;b&gt;Köln&lt;/b&gt; 正在等待。" in html
    assert f'href="{link}"' in html
    assert '<html lang="zh-hans">' in html
    assert Notification.objects.get().mailed_at is not None


def test_without_a_choice_of_ones_own_the_organisations_language_is_used(memo, deliver):
    told(memo, MembershipFactory(organisation__language="zh-hans"))

    deliver()

    assert mail.outbox[0].subject == "MEMO-2026-000007 已逾期 3 天"


def test_a_mail_that_was_sent_is_not_sent_again(memo, deliver):
    notification = told(memo, MembershipFactory())
    deliver()

    assert mail_notification(notification.pk) is False

    assert len(mail.outbox) == 1


def test_who_was_deactivated_meanwhile_gets_no_mail(memo, deliver):
    membership = MembershipFactory()
    told(memo, membership)
    type(membership.user).objects.update(is_active=False)

    deliver()

    assert mail.outbox == []


def test_everybody_chooses_what_is_mailed(memo, deliver):
    wants, declines, default = MembershipFactory(), MembershipFactory(), MembershipFactory()
    for name, by_email in ((LATE.name, True), (QUIET.name, True)):
        NotificationPreference.objects.create(user=wants.user, kind=name, by_email=by_email)
    NotificationPreference.objects.create(user=declines.user, kind=LATE.name, by_email=False)

    notify([wants, declines, default], LATE.name, memo, days=1, buyer="B")
    notify([wants, declines, default], QUIET.name, memo)
    deliver()

    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(
        [wants.user.email, default.user.email, wants.user.email]
    )
    assert Notification.objects.count() == 6


def test_a_preference_is_ones_own(memo):
    membership = MembershipFactory()
    mine = NotificationPreference.objects.create(user=membership.user, kind=LATE.name, by_email=False)

    assert list(NotificationPreference.objects.visible_to(actor_for(membership.user, membership.organisation))) == [
        mine
    ]
    assert not NotificationPreference.objects.visible_to(member(membership.organisation, "admin")).exists()
    assert not NotificationPreference.objects.visible_to(CLOCK).exists()


def test_a_mailbox_that_refuses_is_tried_again_and_the_others_get_their_mail(memo, monkeypatch):
    full, fine = MembershipFactory(), MembershipFactory()
    send = locmem.EmailBackend.send_messages

    def picky(self, messages):
        if messages[0].to == [full.user.email]:
            raise smtplib.SMTPRecipientsRefused({full.user.email: (452, b"mailbox full")})
        return send(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", picky)
    notify([full, fine], LATE.name, memo, days=1, buyer="B")

    outbox.deliver()

    assert [sent.to for sent in mail.outbox] == [[fine.user.email]]
    (waiting,) = OutboxMessage.objects.filter(state="waiting")
    assert "mailbox full" in waiting.error
    assert Notification.objects.get(recipient=full.user).mailed_at is None


@pytest.mark.parametrize("evil", ["x\r\nBcc: everybody@example.com", "y" * 500])
def test_a_number_or_name_cannot_smuggle_a_header(evil, memo, deliver):
    memo.number = evil[:40]
    told(memo, MembershipFactory(), days=evil)

    deliver()

    (sent,) = mail.outbox
    assert "\n" not in sent.subject
    assert len(sent.subject) <= LONGEST_SUBJECT
    assert sent.message()["Bcc"] is None


AUDIENCE = {"buyer_id": ("buying_manager", "buyer")}


def test_a_step_tells_the_roles_it_names_except_who_took_it(memo, deliver):
    taker, colleague = (member(memo.buyer, "buyer") for _ in range(2))
    member(memo.buyer, "receiver")
    member(OrganisationFactory(), "buyer")

    events.tell(memo, "submit", AUDIENCE, actor=taker)
    assert not Notification.objects.exists()
    deliver()

    (notification,) = Notification.objects.all()
    assert (notification.recipient_id, notification.kind) == (colleague.user_id, "sample.memo.submit")
    with override("en"):
        assert (words(notification).title, words(notification).body) == (
            "memo MEMO-2026-000007: Submit",
            "It is now “Draft”.",
        )
    with override("zh-hans"):
        assert "提交" in words(notification).title
        assert "草稿" in words(notification).body


def test_asking_to_tell_costs_one_statement_however_many_there_are(memo, django_assert_num_queries):
    for _ in range(5):
        member(memo.buyer, "buyer")

    with django_assert_num_queries(1):
        events.tell(memo, "submit", AUDIENCE)


def test_both_sides_are_told_and_nobody_when_there_is_nobody(memo, deliver):
    memo.supplier_id = SupplierFactory().pk
    sales = member(SupplierFactory(), "sales")
    memo.supplier_id = sales.organisation_id
    buyer = member(memo.buyer, "buyer")

    events.tell(memo, "approve", {"buyer_id": ("buyer",), "supplier_id": ("sales",)}, actor=CLOCK)
    memo.supplier_id = None
    events.tell(memo, "cancel", {"supplier_id": ("sales",)})
    deliver()

    assert set(Notification.objects.values_list("recipient_id", "organisation_id", "kind")) == {
        (sales.user_id, sales.organisation_id, "sample.memo.approve"),
        (buyer.user_id, buyer.organisation_id, "sample.memo.approve"),
    }


def test_better_words_for_a_step_may_name_its_labels(memo, deliver, monkeypatch):
    monkeypatch.setattr(notifications.kinds, "_declared", dict(kinds._declared))
    kind("sample.memo.submit", title="%(number)s wants you: %(step)s, %(state)s")
    member(memo.buyer, "buyer")

    events.tell(memo, "submit", AUDIENCE)
    deliver()

    with override("en"):
        assert words(Notification.objects.get()).title == "MEMO-2026-000007 wants you: Submit, Draft"


def test_the_kinds_one_may_choose_among_are_the_declared_and_the_telling_steps():
    names = [item.name for item in notifications.known_kinds()]

    assert {LATE.name, QUIET.name} <= set(names)
    assert names == sorted(names)
    assert notifications.kind_of("sample.memo.submit").path == DOCUMENT_PAGE


def test_a_kind_is_called_by_its_document_and_step_unless_it_says_better():
    with override("zh-hans"):
        assert str(notifications.kind_of("sample.memo.submit").label) == "memo: 提交"
    with override("en"):
        assert str(LATE.label) == "%(number)s is %(days)s days late"
        assert str(kind("tests.named", title="%(number)s", label="Numbers").label) == "Numbers"
