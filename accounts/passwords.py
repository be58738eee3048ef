"""What Django's own validators of passwords let through."""

from django.core.exceptions import ValidationError


class NotBlankValidator:
    """Refuse a password of spaces: nobody means one, and whoever tries will guess it first."""

    def validate(self, password: str, user=None) -> None:
        if not password.strip():
            raise ValidationError("This password is only spaces.", code="password_blank")

    def get_help_text(self) -> str:
        return "Not only spaces."
