from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quotations", "0002_written_once")]

    operations = [
        migrations.AddField(
            model_name="quotationline",
            name="tiers",
            field=models.JSONField(blank=True, default=list, verbose_name="prices by quantity"),
        ),
        migrations.AddField(
            model_name="quotationline",
            name="alternatives",
            field=models.JSONField(blank=True, default=list, verbose_name="alternatives offered"),
        ),
    ]
