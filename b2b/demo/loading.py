"""Loading all of it, once, in one transaction: an interrupted load leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.db import transaction
from django.db.models import Count
from django.utils.translation import override

from b2b.demo.people import DOMAIN
from b2b.demo.time import catch_up, hand_to_the_worker
from b2b.demo.world import World
from b2b.models import Notification, NotificationPreference, User
from b2b.notifications.kinds import known_kinds
from b2b.own_apps import own_apps

NEWEST_UNREAD = 6
"""Of each person's notifications; older ones count as read."""


def is_loaded() -> bool:
    return User.objects.filter(email__endswith=f"@{DOMAIN}").exists()


@transaction.atomic
def load_everything() -> World:
    """Every app from the bottom of the tower up, then what each leaves for last."""
    world, modules = World(), list(demo_modules())
    with override("en"):
        modules[0].load(world)
        with _no_mail():
            for module in modules[1:]:
                module.load(world)
                catch_up(world)
            for module in modules:
                getattr(module, "settle", _nothing_left)(world)
                catch_up(world)
    hand_to_the_worker(world)
    _read_older_news()
    return world


def demo_modules() -> Iterator[ModuleType]:
    """``<app>.demo`` of every app of ours that has one; the kernel's comes first."""
    for config in reversed(list(own_apps())):
        if find_spec(f"{config.name}.demo") is not None:
            yield import_module(f"{config.name}.demo")


def _nothing_left(world: World) -> None:
    """An app whose ``load`` was all."""


@contextmanager
def _no_mail() -> Iterator[None]:
    """Nobody wants a thousand letters about a year that never was: for as long as it loads, all decline mail."""
    kinds = [kind.name for kind in known_kinds()]
    wishes = NotificationPreference.objects.bulk_create(
        NotificationPreference(user=user, kind=kind, by_email=False)
        for user in User.objects.filter(email__endswith=f"@{DOMAIN}")
        for kind in kinds
    )
    yield
    NotificationPreference.objects.filter(pk__in=[wish.pk for wish in wishes]).delete()


def _read_older_news() -> None:
    recipients = Notification.objects.unread().order_by().values_list("recipient").annotate(count=Count("pk"))
    for recipient, count in recipients:
        if count > NEWEST_UNREAD:
            news = Notification.objects.filter(recipient=recipient).order_by("-pk")
            keep = list(news.values_list("pk", flat=True)[:NEWEST_UNREAD])
            news.exclude(pk__in=keep).mark_read()
