import factory

from b2b.policy import Actor
from b2b.workflow import create
from tests.factories.b2b import OrganisationFactory, UserFactory
from tests.sample.models import Memo, MemoLine


class MemoFactory(factory.django.DjangoModelFactory):
    """A draft memo with text and one line, made by a colleague and journalled."""

    class Meta:
        model = Memo

    buyer = factory.SubFactory(OrganisationFactory, is_buyer=True)
    text = "Buy bolts."

    @classmethod
    def _create(cls, model_class, *args, by=None, **fields):
        actor = Actor(user_id=(by or UserFactory()).pk, organisation_id=fields["buyer"].pk)
        memo = create(model_class(*args, **fields), actor=actor)
        MemoLine.objects.create(memo=memo, number=1, text="M8")
        return memo
