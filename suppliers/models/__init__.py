from suppliers.models.bank import BankAccount
from suppliers.models.category import Attribute, Category, CategoryCode
from suppliers.models.certificate import Certificate, DocumentRequirement
from suppliers.models.price import Price, PriceList
from suppliers.models.product import Product, SearchWord, Stock
from suppliers.models.profile import Identifier, SupplierProfile
from suppliers.models.qualification import Qualification
from suppliers.models.score import Score, ScoreFact, ScorePolicy, ScorePrior

__all__ = [
    "Attribute",
    "BankAccount",
    "Category",
    "CategoryCode",
    "Certificate",
    "DocumentRequirement",
    "Identifier",
    "Price",
    "PriceList",
    "Product",
    "Qualification",
    "Score",
    "ScoreFact",
    "ScorePolicy",
    "ScorePrior",
    "SearchWord",
    "Stock",
    "SupplierProfile",
]
