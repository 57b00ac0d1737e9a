from collections.abc import Iterable
from typing import Any

import factory

from b2b.models import Membership, Organisation, Role, User
from b2b.policy import Actor


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence("person{}@example.com".format)
    name = factory.Sequence("Person {}".format)
    password = factory.django.Password("correct horse battery")


class OrganisationFactory(factory.django.DjangoModelFactory):
    """A buyer unless told otherwise."""

    class Meta:
        model = Organisation

    name = factory.Sequence("Organisation {}".format)
    is_buyer = factory.LazyAttribute(lambda o: not (o.is_supplier or o.is_platform))
    is_supplier = False
    is_platform = False
    country = "DE"
    currency = "EUR"


class SupplierFactory(OrganisationFactory):
    name = factory.Sequence("Supplier {}".format)
    is_supplier = True


class PlatformFactory(OrganisationFactory):
    name = "Hanse control"
    is_platform = True


class MembershipFactory(factory.django.DjangoModelFactory):
    """Somebody with every role, unless told which."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    roles = factory.LazyFunction(lambda: list(Role.values))


def actor_for(user: User, organisation: Organisation, **overrides: Any) -> Actor:
    """What a request of ``user`` acting for ``organisation`` would carry: the membership's roles."""
    membership = Membership.objects.filter(user=user, organisation=organisation, active=True).first()
    return _actor(user, organisation, membership.roles if membership else (), overrides)


def member(organisation: Organisation, *roles: str, **overrides: Any) -> Actor:
    """A new person with ``roles`` in ``organisation``, as an actor."""
    user = UserFactory()
    Membership.objects.create(user=user, organisation=organisation, roles=list(roles))
    return _actor(user, organisation, roles, overrides)


def _actor(user: User, organisation: Organisation, roles: Iterable[str], overrides: dict[str, Any]) -> Actor:
    facts: dict[str, Any] = {
        "user_id": user.pk,
        "organisation_id": organisation.pk,
        "roles": frozenset(roles),
        "platform": organisation.is_platform,
    }
    return Actor(**facts | overrides)
