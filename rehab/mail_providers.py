"""Mail by a provider's HTTP interface instead of SMTP: which ones, and what each must be told.

Only providers that django-anymail supports without a further package, and that send
headers as we write them: the links to unsubscribe are headers. Amazon SES, SendGrid
and many others take SMTP, and then need nothing of this.
"""

from dataclasses import dataclass

from rehab import env

#: Seconds for one mail, as for SMTP: the others of the batch wait behind it.
TIMEOUT = 10


@dataclass(frozen=True)
class Provider:
    """``needed`` stand in the account at the provider; ``may_be`` is where it is not the usual one."""

    needed: tuple[str, ...]
    may_be: tuple[str, ...] = ()


PROVIDERS = {
    "brevo": Provider(("BREVO_API_KEY",)),
    "mailgun": Provider(("MAILGUN_API_KEY",), ("MAILGUN_SENDER_DOMAIN", "MAILGUN_API_URL")),
    "mailtrap": Provider(("MAILTRAP_API_TOKEN",)),
    "postmark": Provider(("POSTMARK_SERVER_TOKEN",), ("POSTMARK_MESSAGE_STREAM",)),
    "resend": Provider(("RESEND_API_KEY",)),
    "scaleway": Provider(("SCALEWAY_SECRET_KEY", "SCALEWAY_PROJECT_ID"), ("SCALEWAY_REGION",)),
    "sparkpost": Provider(("SPARKPOST_API_KEY",), ("SPARKPOST_API_URL",)),
}


def backend_of(name: str) -> str:
    """The mail backend; of a name that is not known, one that sends nothing: the start is refused."""
    return f"anymail.backends.{name}.EmailBackend"


def options_of(name: str) -> dict[str, str | int]:
    """What anymail is told: each from ``ANYMAIL_…`` or from the file that ``ANYMAIL_…_FILE`` names."""
    provider = PROVIDERS.get(name, Provider(()))
    given = {key: env.secret(f"ANYMAIL_{key}") for key in (*provider.needed, *provider.may_be)}
    return {"REQUESTS_TIMEOUT": TIMEOUT} | {key: value for key, value in given.items() if value}


def faults_of(name: str, options: dict, email_host: str) -> list[str]:
    """What is wrong with the settings, one sentence each."""
    if not name:
        return []
    if name not in PROVIDERS:
        return [f"REHAB_MAIL_PROVIDER is {name!r}, not one of {', '.join(PROVIDERS)}."]
    missing = [f"ANYMAIL_{key} is not set." for key in PROVIDERS[name].needed if not options.get(key)]
    in_clear = [
        f"ANYMAIL_{key} is not https."
        for key in PROVIDERS[name].may_be
        if key.endswith("_URL") and not str(options.get(key, "https://")).startswith("https://")
    ]
    both = ["EMAIL_HOST and REHAB_MAIL_PROVIDER are both set."] if email_host else []
    return [*both, *missing, *in_clear]
