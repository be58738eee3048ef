"""What Django's own validators of passwords let through."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class NotBlankValidator:
    """Refuse a password of spaces: nobody means one, and whoever tries will guess it first."""

    def validate(self, password: str, user=None) -> None:
        if not password.strip():
            raise ValidationError(_("This password is only spaces."), code="password_blank")

    def get_help_text(self) -> str:
        return _("Not only spaces.")
