"""Who people are: one account each, known by e-mail address."""

import datetime
import unicodedata
import uuid
import zoneinfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.time_zones import known_zones, zone_or_utc


class Role(models.TextChoices):
    RUNNER = "runner", _("runner")
    CLINICIAN = "clinician", _("physiotherapist")
    MANAGER = "manager", _("site manager")


class Language(models.TextChoices):
    ENGLISH = "en-gb", "English"
    CHINESE = "zh-hans", "简体中文"


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not an IANA time zone known here."""
    if name not in known_zones():
        raise ValidationError(
            _("“{name}” is not a time zone. Choose one such as Europe/London.").format(name=name)
        )


def clean_name(name: str) -> str:
    """Return the name without control and format characters, spaces folded.

    Names reach e-mail headers; Django refuses line feeds there but lets NUL
    and U+2028 through.
    """
    visible = "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") else " " for c in name)
    return " ".join(visible.split())


class UserManager(BaseUserManager):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Create an account; without a password nobody can sign in to it."""
        user = self.model(email=email.strip().lower(), **fields)
        user.name = clean_name(user.name)
        # An empty password would be one that everybody knows.
        user.set_password(password or None)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        fields = {
            "role": Role.MANAGER,
            "is_staff": True,
            "is_superuser": True,
            "name": "Site manager",
        } | fields
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", max_length=254)
    name = models.CharField(max_length=80, help_text="As your physiotherapist should read it.")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.RUNNER)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    language = models.CharField(
        max_length=10, blank=True, choices=Language.choices, help_text="Empty: as the browser asks."
    )
    country = models.CharField(
        max_length=2, blank=True, help_text="ISO 3166 code, for emergency numbers; empty: as the site is set."
    )
    # --- mails: when they rest, whether they reach her ---
    quiet_from = models.TimeField(
        default=datetime.time(21), help_text="Quiet hours begin, local time; equal to their end: none."
    )
    quiet_until = models.TimeField(default=datetime.time(7))
    keeps_home_time = models.BooleanField(
        default=False, help_text="Do not offer the zone of a device that is elsewhere."
    )
    mail_links_since = models.DateTimeField(
        null=True, blank=True, help_text="Links in mails of before that are dead."
    )
    bounced_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when her address refuses mails for good."
    )
    bounce = models.CharField(max_length=40, blank=True, help_text="What the mail server said, as a code.")
    is_staff = models.BooleanField("may use the admin", default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the person was taken out of the account."
    )

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        indexes = [
            # How many there are, asked by every monitor; nearly nobody's does.
            models.Index(
                fields=["bounced_at"],
                condition=Q(bounced_at__isnull=False),
                name="accounts_whose_address_bounces",
            ),
        ]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_address_whatever_its_case"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_is_known"),
            models.CheckConstraint(
                condition=Q(language__in=["", *Language.values]), name="user_language_is_known"
            ),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"), name="user_country_is_a_code"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(is_active=False, is_staff=False, is_superuser=False),
                name="erased_account_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=True, bounce="")
                | (Q(bounced_at__isnull=False) & ~Q(bounce="")),
                name="address_that_bounces_says_how",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_runner(self) -> bool:
        return self.role == Role.RUNNER

    @property
    def is_clinician(self) -> bool:
        return self.role == Role.CLINICIAN

    @property
    def is_manager(self) -> bool:
        return self.role == Role.MANAGER

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Hers; UTC where its name is not known here any more, for a date is always needed."""
        return zone_or_utc(self.time_zone)

    @property
    def initials(self) -> str:
        """At most two letters, for places where a name would say too much."""
        return "".join(word[0] for word in self.name.split()[:2]).upper() or "?"

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email
