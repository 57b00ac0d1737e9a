from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procurement", "0002_order_buyer_reference")]

    operations = [
        migrations.AddField(
            model_name="rfqline",
            name="deliveries",
            field=models.JSONField(blank=True, default=list, verbose_name="delivery schedule"),
        ),
    ]
