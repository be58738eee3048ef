from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who people are and who may see whom; knows nothing of programmes."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "People and consent"
