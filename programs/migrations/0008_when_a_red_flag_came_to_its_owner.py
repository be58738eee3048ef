"""The watch asks for how long an owner has not seen a red flag; that begins when it comes to her."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0007_append_only_acts")]

    operations = [
        migrations.AddField(
            model_name="redflagcase",
            name="owned_since",
            field=models.DateTimeField(blank=True, help_text="When it came to this owner.", null=True),
        ),
    ]
