"""Her sessions in her own calendar: the page of the address, and the file that a calendar program fetches."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.emails import in_language_of
from accounts.guards import runner_required
from programs.calendar_file import calendar_bytes
from programs.forms.calendar import CalendarForm
from programs.mail_links import feed_of, feed_token
from programs.models import CalendarFeed
from programs.selectors.calendar import calendar_sheet, feed_in_force
from programs.services.calendar_feeds import change_feed, end_feed, make_feed

#: What calendar programs take for an address to subscribe to, whether the site speaks http or https.
SCHEME = settings.SITE_URL.partition(":")[0]


@require_http_methods(["GET", "HEAD", "POST"])
@runner_required
def calendar(request: HttpRequest) -> HttpResponse:
    """The address and what the entries say; a POST makes or changes it."""
    feed = feed_in_force(request.user)
    sent = request.POST if request.method == "POST" else None
    form = CalendarForm(sent, initial=_initial(feed), is_open=feed is not None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        change_feed(runner=request.user, now=timezone.now(), wall=given["wall"], says_what=given["says_what"])
        messages.success(request, gettext("Saved."))
        return redirect("calendar")
    link = _link(feed)
    context = {"form": form, "link": link, "subscribe": link.replace(SCHEME, "webcal", 1)}
    return render(request, "programs/runner/calendar.html", context)


@require_POST
@runner_required
def calendar_anew(request: HttpRequest) -> HttpResponse:
    """Another address in place of one that somebody else may know."""
    feed = feed_in_force(request.user)
    kept = {"wall": feed.wall, "says_what": feed.says_what} if feed else {}
    make_feed(runner=request.user, now=timezone.now(), **kept)
    messages.success(request, gettext("This is the new address. The old one shows nothing any more."))
    return redirect("calendar")


@require_POST
@runner_required
def calendar_end(request: HttpRequest) -> HttpResponse:
    end_feed(runner=request.user, now=timezone.now())
    messages.success(request, gettext("Ended. The address shows nothing any more."))
    return redirect("calendar")


def _file_of(token: str) -> bytes:
    """The calendar of that address; whoever is signed in makes no difference."""
    feed = feed_of(token)
    if feed is None:
        raise Http404("No calendar here.")
    with in_language_of(feed.runner):
        return calendar_bytes(calendar_sheet(feed=feed, now=timezone.now()))


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answers a calendar program: the address is the only key, and it opens nothing else."""
    content = _file_of(token)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="sessions.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _initial(feed: CalendarFeed | None) -> dict:
    if feed is None:
        return {"when": "day"}
    return {"when": "time" if feed.wall else "day", "wall": feed.wall, "says_what": feed.says_what}


def _link(feed: CalendarFeed | None) -> str:
    return settings.SITE_URL + reverse("calendar_feed", args=[feed_token(feed)]) if feed else ""
