"""The project as a Django app: its commands, its checks, its Celery application."""

from django.apps import AppConfig
from django.contrib.admin import apps as administration
from django.core.checks import Tags, register

from rehab import celery, checks

# celery: loaded here, so that every task belongs to our application
__all__ = ["AdministrationConfig", "RehabConfig", "celery"]


class RehabConfig(AppConfig):
    """Configuration and processes; no domain."""

    name = "rehab"
    default = True

    def ready(self) -> None:
        register(checks.unsafe_settings, Tags.security)


class AdministrationConfig(administration.AdminConfig):
    """Django's administration behind our own door."""

    default = False
    default_site = "rehab.admin_site.RehabAdminSite"
