from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """The domain: programmes, enrolments, diaries, decisions, messages."""

    name = "programs"
    verbose_name = "programmes"
    default_auto_field = "django.db.models.BigAutoField"
