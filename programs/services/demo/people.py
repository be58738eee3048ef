"""Who signs in to the demonstration. All of them are invented; the password is published."""

from dataclasses import dataclass

from accounts.models import Role

PASSWORD = "seven calm kilometres"  # noqa: S105 - published on purpose, and for the demonstration only
#: The secret of the authenticator app of those who need one, published like the password.
TOTP_SECRET = "REHABDEMOREHABDEMOREHABDEMO23456"  # noqa: S105
DOMAIN = "rehab.example"
#: Petra leads it; so colleagues are there to cover and to take over.
CLINIC = "Riverside Physiotherapy"
PETRA, PAUL, MARA = (f"{name}@{DOMAIN}" for name in ("petra", "paul", "mara"))


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the clinic."""

    email: str
    name: str
    role: str


STAFF = (
    Member(PETRA, "Petra Lindqvist", Role.CLINICIAN),
    Member(PAUL, "Paul Adeyemi", Role.CLINICIAN),
    Member(MARA, "Mara Novak", Role.MANAGER),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a newcomer is shown, on the sign-in page and by ``manage.py up``."""

    label: str
    email: str
    password: str = PASSWORD
    #: The page that asks for the code of the app shows it, in the demonstration only.
    has_second_factor: bool = False


SIGN_INS = (
    SignIn("Rosa, a runner: one good day from her next step", f"rosa@{DOMAIN}"),
    SignIn("Petra, a physiotherapist: her caseload", PETRA, has_second_factor=True),
    SignIn("Nadia, a new runner: the intake", f"nadia@{DOMAIN}"),
    SignIn("Mara, the site manager: clinics and the administration", MARA, has_second_factor=True),
)
