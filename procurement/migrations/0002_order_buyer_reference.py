from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("procurement", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="purchaseorder",
            name="buyer_reference",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=60, verbose_name="buyer's own reference"
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.UniqueConstraint(
                condition=~Q(buyer_reference="") & ~Q(state__in=("rejected", "supplier_rejected", "cancelled")),
                fields=("buyer", "buyer_reference"),
                name="order_once_per_buyer_reference",
            ),
        ),
    ]
