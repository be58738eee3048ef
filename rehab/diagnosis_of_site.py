"""What the doctor asks of the site's own work: days, errors, alarms, and who may look."""

from datetime import datetime, timedelta

from django.conf import settings

from programs.models import AlarmName
from programs.selectors import site_figures
from programs.selectors.standing_still import standing_still
from programs.services.health import PAGES
from rehab import alarm
from rehab.findings import Finding, good, warning, wrong

#: An error of a job that is older is of no more interest.
FRESH = timedelta(hours=24)
_WORDS = {
    AlarmName.DAYS: ("days are due and none is closed", "See worker and beat, and queue."),
    AlarmName.MAILS: ("mails are late", "See mail, and mails."),
    AlarmName.FLAGS: ("nobody watches red flags", "See worker and beat; manage.py watch_red_flags by hand."),
}


def days(now: datetime) -> Finding:
    """Days that are over and not closed."""
    figures = site_figures.day_figures(now=now, patience=alarm.patience())
    if not figures.due:
        return good("days", "all that are over are closed")
    text = f"{figures.due} are due, the oldest for {(now - figures.oldest).total_seconds() / 60:.0f} min"
    if figures.overdue:
        advice = "See worker and beat, and queue. By hand, at any time: python manage.py close_days"
        return wrong("days", text, advice)
    return good("days", text)


def set_aside(now: datetime) -> Finding:
    """Enrolments that could not be decided, and messages that were given up."""
    aside = site_figures.day_figures(now=now, patience=alarm.patience()).set_aside
    dead = site_figures.mail_figures(now=now).dead
    if aside:
        text = f"{aside} enrolments could not be decided and are set aside"
        advice = "The log says why at “set aside”; the caseload shows them. Tried again by themselves."
        return wrong("set aside", text, advice)
    if dead:
        advice = "See Mails, state “given up”, on the site; tell those whose safety notice is among them."
        return warning("set aside", f"{dead} messages were given up", advice)
    return good("set aside", "nothing")


def failing_jobs(now: datetime) -> Finding:
    """The last error of each job, where it is of today."""
    failed = [
        f"{job.name} ({job.last_error})"
        for job in site_figures.job_figures()
        if job.failed_at and job.failed_at > now - FRESH and not job.name.startswith(PAGES)
    ]
    if failed:
        advice = "They are tried again by themselves. Where it goes on, the log says why."
        return warning("jobs", f"ended by an error within a day: {', '.join(failed)}", advice)
    return good("jobs", "none ended by an error within a day")


def pages(now: datetime) -> Finding:
    """Pages that ended by an error of ours, where the last is of today."""
    failed = [
        f"{job.name.removeprefix(PAGES)}, {job.failures} so far, last at {job.failed_at:%Y-%m-%d %H:%M} UTC"
        for job in site_figures.job_figures()
        if job.name.startswith(PAGES) and job.failed_at and job.failed_at > now - FRESH
    ]
    if failed:
        advice = (
            "500 is a mistake in the code, 503 a database that could not serve. The log says what it was."
        )
        return warning("pages", f"ended by an error within a day: {'; '.join(failed)}", advice)
    return good("pages", "none ended by an error within a day")


def alarms(now: datetime) -> Finding:
    """What the dead man's switch says now, and whether site managers know of it."""
    standing = standing_still(now=now, patience=alarm.patience())
    if not standing:
        return good("alarms", "nothing stands still")
    opened = site_figures.open_alarms()
    said = [
        f"{_WORDS[name][0]} since {since:%Y-%m-%d %H:%M} UTC"
        f" ({'noted' if name in opened else 'not noted yet'})"
        for name, since in standing.items()
    ]
    advice = " ".join(dict.fromkeys(_WORDS[name][1] for name in standing))
    return wrong("alarms", "; ".join(said), f"{advice} To tell site managers now: python manage.py alarm")


def metrics(now: datetime) -> Finding:
    if settings.REHAB_METRICS_TOKEN:
        return good("metrics", "/metrics for whoever shows REHAB_METRICS_TOKEN")
    return good("metrics", "/metrics from this machine only; set REHAB_METRICS_TOKEN for others")
