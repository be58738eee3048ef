"""The project as a Django app: its commands, its checks, its Celery application."""

import threading

from django.apps import AppConfig
from django.contrib.admin import apps as administration
from django.core.checks import Tags, register
from django.utils.translation import trans_real

from rehab import celery, checks

# celery: loaded here, so that every task belongs to our application
__all__ = ["AdministrationConfig", "RehabConfig", "celery"]


class RehabConfig(AppConfig):
    """Configuration and processes; no domain."""

    name = "rehab"
    default = True

    def ready(self) -> None:
        # Django keeps the language so that it follows a task of asyncio. None of ours answers
        # anybody, and a page asks for it four hundred times.
        trans_real._active = threading.local()
        register(checks.unsafe_settings, Tags.security)


class AdministrationConfig(administration.AdminConfig):
    """Django's administration behind our own door."""

    default = False
    default_site = "rehab.admin_site.RehabAdminSite"
