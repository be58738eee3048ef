"""What a phone shows without a connection: of nobody, in one language, with the numbers of one country."""

from dataclasses import dataclass

from accounts.models import User
from programs.engine.redflags import RED_FLAGS
from programs.engine.snapshot import Contacts
from programs.engine.values import Refer
from programs.presentation import Advice, advice_for
from programs.selectors.library import Question, red_flag_questions
from programs.snapshots import contacts


@dataclass(frozen=True, slots=True)
class OfflineCheckIn:
    """The short list of warning signs, as every day's check-in asks it, and whom to call."""

    flags: tuple[Question, ...]
    contacts: Contacts


@dataclass(frozen=True, slots=True)
class KeptPage:
    """What to do about a warning sign that nobody has been told of yet; the phone shows the one that fits."""

    emergency: Advice
    urgent: Advice


def offline_check_in(country: str) -> OfflineCheckIn:
    """The empty form (one query)."""
    daily = tuple(question for question in red_flag_questions() if question.is_daily)
    return OfflineCheckIn(daily, numbers_of(country))


def kept_page(country: str) -> KeptPage:
    numbers = numbers_of(country)
    return KeptPage(advice_for(Refer.EMERGENCY, numbers), advice_for(Refer.URGENT, numbers))


def numbers_of(country: str) -> Contacts:
    """The numbers of a country that a phone asks for; nobody is looked up for them."""
    return contacts(User(country=country))


def flag_levels() -> dict[str, str]:
    """Warning sign -> how pressing it is."""
    return {code: str(flag.level) for code, flag in RED_FLAGS.items()}
