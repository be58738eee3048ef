"""Words of a diary entry that forms offer and pages repeat: places, occasions, soreness, minutes."""

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext, pgettext_lazy

from programs.engine.values import Occasion, Site, Warmup

#: Where it hurts, as one of several in a row.
SITES: dict[str, str] = {
    Site.BACK: pgettext_lazy("part of the body", "back"),
    Site.BUTTOCK: gettext_lazy("buttock"),
    Site.ABOVE_KNEE: gettext_lazy("leg, above the knee"),
    Site.BELOW_KNEE: gettext_lazy("leg, below the knee"),
    Site.OTHER: gettext_lazy("somewhere else"),
}

#: What an extra pain note is about.
OCCASIONS: dict[str, str] = {
    Occasion.REST: gettext_lazy("at rest"),
    Occasion.DURING: gettext_lazy("in a session"),
    Occasion.AFTER: gettext_lazy("in the two hours after a session"),
    Occasion.FLARE: gettext_lazy("in a flare"),
}

#: The same as a tick or a choice, in the runner's own voice.
SITE_CHOICES: dict[str, str] = {
    # Not the way back to the page before, which is another word elsewhere.
    Site.BACK: pgettext_lazy("part of the body", "Back"),
    Site.BUTTOCK: gettext_lazy("Buttock"),
    Site.ABOVE_KNEE: gettext_lazy("Leg, above the knee"),
    Site.BELOW_KNEE: gettext_lazy("Leg, below the knee"),
    Site.OTHER: gettext_lazy("Somewhere else"),
}
OCCASION_CHOICES: dict[str, str] = {
    Occasion.REST: gettext_lazy("At rest"),
    Occasion.DURING: gettext_lazy("In a session"),
    Occasion.AFTER: gettext_lazy("In the two hours after a session"),
    Occasion.FLARE: gettext_lazy("A flare: suddenly worse"),
}
WARMUP_CHOICES: dict[str, str] = {
    Warmup.NONE: gettext_lazy("No soreness"),
    Warmup.RESOLVED: gettext_lazy("Sore at first, then it went away"),
    Warmup.PERSISTED: gettext_lazy("Sore, and it stayed"),
    Warmup.RESOLVED_RETURNED: gettext_lazy("It went away and came back later"),
}


def sites_words(sites: Iterable[str] | None) -> str:
    """Places in a row; one that is not known stands as it is."""
    words = [str(SITES.get(site, site)) for site in sites or ()]
    return pgettext("between words in a row", ", ").join(words) or gettext("no place named")


def minutes_words(minutes: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
