"""The project as a Django app: its commands, its checks, its Celery application."""

from django.apps import AppConfig
from django.core.checks import register

from rehab import celery, checks

__all__ = ["RehabConfig", "celery"]  # celery: loaded here, so that every task belongs to our application


class RehabConfig(AppConfig):
    """Configuration and processes; no domain."""

    name = "rehab"

    def ready(self) -> None:
        register(checks.unsafe_settings)
