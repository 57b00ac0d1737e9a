from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0004_days_of_prices")]

    operations = [
        migrations.AddField(
            model_name="product",
            name="packages",
            field=models.JSONField(blank=True, default=dict, verbose_name="packages"),
        ),
    ]
