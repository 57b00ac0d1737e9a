"""Giving the demo's people their accounts."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission

from b2b.demo.cast import PEOPLE, Login
from b2b.demo.world import Person, World
from b2b.models import Membership, User

DOMAIN = "demo.hanse.example"
PASSWORD = "hanse-demo-login"  # noqa: S105 — printed for everybody by load_demo --logins
SECRET = "HANSEDEMOHANSEDEMOHANSEDEMOHANSE"  # noqa: S105 — likewise, for an authenticator app


def hire(world: World) -> None:
    """One account for each of the cast. Argon2 is slow on purpose, so all share one hash."""
    password = make_password(PASSWORD)
    for login in PEOPLE:
        person = _hired(login, world, password)
        world.people.setdefault(login.organisation, []).append(person)


def address(login: Login) -> str:
    return f"{login.mailbox}@{DOMAIN}"


def _hired(login: Login, world: World, password: str) -> Person:
    organisation = world[login.organisation]
    user = User.objects.create(
        email=address(login),
        name=login.name,
        language=organisation.language,
        password=password,
        is_staff=login.is_staff,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if login.has_code:
        TOTP.activate(user, SECRET)
    Membership.objects.create(user=user, organisation=organisation, roles=list(login.roles))
    return Person(user, organisation, login.roles, login.has_code)


def show_the_admin_site(world: World) -> None:
    """The platform's staff may look at every table there."""
    looking = Permission.objects.filter(codename__startswith="view_")
    for user in User.objects.filter(is_staff=True, memberships__organisation=world["control"]):
        user.user_permissions.set(looking)
