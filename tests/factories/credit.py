from decimal import Decimal

import factory

from b2b.policy import Actor
from b2b.workflow import create
from credit.models import CreditAccount
from tests.factories.b2b import OrganisationFactory, SupplierFactory, UserFactory


class CreditAccountFactory(factory.django.DjangoModelFactory):
    """A journalled account, in the state ``requested`` unless ``state`` says otherwise."""

    class Meta:
        model = CreditAccount

    buyer = factory.SubFactory(OrganisationFactory)
    supplier = factory.SubFactory(SupplierFactory)
    currency = "EUR"
    requested_limit = Decimal(1000)

    @classmethod
    def _create(cls, model_class, *args, **fields):
        actor = Actor(user_id=UserFactory().pk, organisation_id=fields["buyer"].pk)
        return create(model_class(*args, **fields), actor=actor)


class ActiveAccountFactory(CreditAccountFactory):
    limit = Decimal(1000)
    state = "active"
