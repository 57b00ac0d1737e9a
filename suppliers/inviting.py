"""Suppliers a buyer brings along: organisations with a profile in its first state, and a person asked to fill it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from b2b.models import Membership, Organisation, User
from b2b.policy import Actor
from b2b.registration import founder_roles
from suppliers.models import Identifier, SupplierProfile

PROFILE = ("website", "contact_name", "contact_email", "contact_phone")
CHINESE = frozenset({"CN"})


class Taken(Exception):
    """One of the registration numbers came to be somebody's since."""


def invite_suppliers(told: Mapping[UUID, Mapping[str, Any]], *, actor: Actor) -> list[UUID]:
    """Make them, by the key their profile gets; the keys of accounts that had to be made. Raises ``Taken``.

    Who is named as contact becomes the organisation's first administrator, and gets a letter when its turn comes.
    """
    try:
        with transaction.atomic():
            Organisation.objects.bulk_create(_organisation(said) for said in told.values())
            SupplierProfile.objects.bulk_create(_profile(key, said, actor) for key, said in told.items())
            Identifier.objects.bulk_create(one for key, said in told.items() for one in _identifiers(key, said))
            _categorise(told)
    except IntegrityError:
        raise Taken from None
    return [made for said in told.values() if (made := _invite(said))]


def _organisation(said: Mapping[str, Any]) -> Organisation:
    return Organisation(
        id=UUID(said["supplier_id"]),
        name=said["name"],
        native_name=said["native_name"],
        country=said["country"],
        currency=said["currency"],
        address=said["address"],
        language="zh-hans" if said["country"] in CHINESE else "en",
        is_supplier=True,
    )


def _profile(key: UUID, said: Mapping[str, Any], actor: Actor) -> SupplierProfile:
    """Its first version is journalled by what brought it."""
    return SupplierProfile(
        id=key,
        supplier_id=UUID(said["supplier_id"]),
        legal_name=said["name"],
        native_legal_name=said["native_name"],
        created_by_id=actor.user_id,
        version=1,
        **{name: said[name] for name in PROFILE},
    )


def _identifiers(key: UUID, said: Mapping[str, Any]) -> Iterable[Identifier]:
    for scheme, country, value in said["identifiers"]:
        yield Identifier(profile_id=key, scheme=scheme, country=country, value=value)


def _categorise(told: Mapping[UUID, Mapping[str, Any]]) -> None:
    link = SupplierProfile.categories.through
    link._default_manager.bulk_create(
        link(supplierprofile_id=key, category_id=UUID(category))
        for key, said in told.items()
        for category in said["categories"]
    )


def _invite(said: Mapping[str, Any]) -> UUID | None:
    """The key of the account, where it is new."""
    email = said["contact_email"]
    if not email:
        return None
    known = User.objects.filter(email__iexact=email).first()
    user = known or User.objects.create_user(email, name=said["contact_name"])
    supplier_id = UUID(said["supplier_id"])
    organisation = Organisation(id=supplier_id, is_supplier=True)
    Membership.objects.create(
        user=user, organisation_id=supplier_id, roles=founder_roles(organisation), letter_waits=True
    )
    return None if known else user.pk


# --- Taking it back -------------------------------------------------------------------------------------------
def in_use(profile_ids: Collection[UUID], accounts: Collection[str]) -> set[UUID]:
    """Profiles of suppliers who began: accepted, edited, or stand in any document."""
    profiles = SupplierProfile.objects.filter(pk__in=profile_ids)
    by_supplier = dict(profiles.values_list("supplier_id", "pk"))
    found = set(profiles.exclude(version=1, state="draft").values_list("supplier_id", flat=True))
    members = Membership.objects.filter(organisation_id__in=by_supplier).select_related("user")
    for member in members:
        is_guest = member.user_id and str(member.user_id) in accounts
        if (is_guest and member.user.has_usable_password()) or set(member.roles) != set(_founding()):
            found.add(member.organisation_id)
    for relation in Organisation._meta.related_objects:
        if relation.related_model not in (SupplierProfile, Membership):
            name = relation.field.name
            rows = relation.related_model._base_manager.filter(**{f"{name}__in": list(by_supplier)})
            found.update(rows.values_list(name, flat=True))
    return {by_supplier[key] for key in found if key in by_supplier}


def _founding() -> list[str]:
    return founder_roles(Organisation(is_supplier=True))


def uninvite(profile_ids: Sequence[UUID], accounts: Collection[str]) -> None:
    """As if they had never been there. Raises ``Taken`` where something holds one of them."""
    profiles = SupplierProfile.objects.filter(pk__in=profile_ids)
    suppliers = list(profiles.values_list("supplier_id", flat=True))
    members = Membership.objects.filter(organisation_id__in=suppliers)
    guests = [user for user in members.values_list("user_id", flat=True) if str(user) in accounts]
    try:
        with transaction.atomic():
            members.delete()
            profiles.delete()
            Organisation.objects.filter(pk__in=suppliers).delete()
            User.objects.filter(pk__in=guests, memberships=None).delete()
    except (ProtectedError, IntegrityError):
        raise Taken from None
