from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import factory

from b2b.policy import Actor
from b2b.workflow import Document, create
from suppliers.models import (
    Attribute,
    BankAccount,
    Category,
    Certificate,
    DocumentRequirement,
    Identifier,
    Price,
    PriceList,
    Product,
    Qualification,
    ScoreFact,
    SupplierProfile,
)
from suppliers.models.score import Component
from tests.factories.b2b import OrganisationFactory, SupplierFactory, UserFactory

FAR = date(2099, 12, 31)


class JournalledFactory(factory.django.DjangoModelFactory):
    """A document that begins its life in the journal, made by somebody of ``maker``'s organisation."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **fields):
        document: Document = model_class(*args, **fields)
        maker = Actor(user_id=UserFactory().pk, organisation_id=_organisation(fields))
        return create(document, actor=maker)


def _organisation(fields) -> UUID:
    return fields["supplier"].pk if "supplier" in fields else fields["supplier_id"]


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category

    code = factory.Sequence("category-{}".format)
    name = factory.Sequence("Category {}".format)
    review_required = False


class AttributeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attribute

    category = factory.SubFactory(CategoryFactory)
    code = factory.Sequence("attribute-{}".format)
    name = factory.Sequence("Attribute {}".format)


class ProfileFactory(JournalledFactory):
    class Meta:
        model = SupplierProfile

    supplier = factory.SubFactory(SupplierFactory)
    legal_name = factory.Sequence("Supplier {} Ltd".format)


class PublishedProfileFactory(ProfileFactory):
    """With one identifier, so that it may stand published."""

    class Meta:
        skip_postgeneration_save = True

    state = "published"
    identifier = factory.RelatedFactory("tests.factories.suppliers.IdentifierFactory", "profile")


class IdentifierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Identifier

    profile = factory.SubFactory(ProfileFactory)
    scheme = "duns"
    value = factory.Sequence("{:09d}".format)


class BankAccountFactory(JournalledFactory):
    class Meta:
        model = BankAccount

    supplier = factory.SubFactory(SupplierFactory)
    holder = "Supplier Ltd"
    country = "DE"
    account = "DE89370400440532013000"


class CertificateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Certificate

    supplier = factory.SubFactory(SupplierFactory)
    kind = "iso_9001"
    issuer = "TÜV Nord"
    valid_until = FAR


class DocumentRequirementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DocumentRequirement

    kind = "iso_9001"


class QualificationFactory(JournalledFactory):
    """A draft for one buyer; with what a row needs in any other state."""

    class Meta:
        model = Qualification

    supplier = factory.SubFactory(SupplierFactory)
    buyer = factory.SubFactory(OrganisationFactory)
    valid_until = FAR
    block_review_on = FAR
    block_proposed_by = factory.SubFactory(UserFactory)


class ApprovedFactory(QualificationFactory):
    """The platform's approval, good for every buyer."""

    buyer = None
    state = "approved"
    decided_at = datetime(2026, 1, 15, tzinfo=UTC)


class ProductFactory(JournalledFactory):
    class Meta:
        model = Product

    supplier = factory.SubFactory(SupplierFactory)
    sku = factory.Sequence("SKU-{}".format)
    name = factory.Sequence("Product {}".format)
    category = factory.SubFactory(CategoryFactory)
    unit = "H87"


class ListedProductFactory(ProductFactory):
    state = "listed"


class PriceListFactory(JournalledFactory):
    class Meta:
        model = PriceList

    supplier = factory.SubFactory(SupplierFactory)
    name = "Standard"
    currency = "EUR"
    valid_from = date(2026, 1, 1)


class PublishedPriceListFactory(PriceListFactory):
    state = "published"
    published_at = datetime(2026, 1, 1, tzinfo=UTC)


class PriceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Price

    product = factory.SubFactory(ProductFactory)
    price_list = factory.SubFactory(PublishedPriceListFactory, supplier=factory.SelfAttribute("..product.supplier"))
    unit_price = Decimal("9.90")


class ScoreFactFactory(factory.django.DjangoModelFactory):
    """A receipt that came in time."""

    class Meta:
        model = ScoreFact

    supplier = factory.SubFactory(SupplierFactory)
    buyer = factory.SubFactory(OrganisationFactory)
    component = Component.ON_TIME_IN_FULL
    mark = Decimal(1)
    happened_on = factory.LazyFunction(lambda: datetime.now(UTC).date() - timedelta(days=1))
    source = factory.Sequence("procurement.goodsreceipt/{}".format)
    line = "1"
