"""Which mails somebody gets, when and when not; a test of each; the end of old links; what was sent."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.addresses import masked
from accounts.forms.refusals import add_refusal
from accounts.guards import runner_or_clinician_required
from accounts.limits import limited
from programs.forms.mail_settings import MailSettingsForm
from programs.mail_contents import test_words_of
from programs.selectors.mail_settings import MailsPage, mails_page, title_of_choice
from programs.selectors.mails_sent import mails_sent_page
from programs.services.errors import Refused
from programs.services.mail_settings import Wish, Zone, change_mails, hold_links, send_test


@require_http_methods(["GET", "HEAD", "POST"])
@runner_or_clinician_required
def mail_settings(request: HttpRequest) -> HttpResponse:
    """One form for all of it; a runner's zone is on the page of her settings."""
    page = mails_page(person=request.user, now=timezone.now())
    form = _form(request, page)
    if request.method == "POST" and form.is_valid() and _is_saved(request, form):
        messages.success(request, _("Saved."))
        return redirect("mail_settings")
    return render(request, "programs/mails/settings.html", {"page": page, "form": form})


@require_safe
@runner_or_clinician_required
def mails_sent(request: HttpRequest) -> HttpResponse:
    page = mails_sent_page(person=request.user, now=timezone.now(), number=request.GET.get("page", "1"))
    return render(request, "programs/mails/sent.html", {"page": page})


@require_POST
@runner_or_clinician_required
def mail_test(request: HttpRequest, kind: str) -> HttpResponse:
    """Send her one mail of a kind as it would be now; a few an hour."""
    if title_of_choice(request.user, kind) is None:
        raise Http404("No such mail.")
    return limited(request, "test_mail") or _tested(request, kind)


def _tested(request: HttpRequest, kind: str) -> HttpResponse:
    now = timezone.now()
    words = test_words_of(request.user, kind, now)
    send_test(person=request.user, words=words, now=now)
    said = _("A test is on its way to {address}; look into your mailbox.")
    messages.success(request, said.format(address=masked(request.user.email)))
    return redirect("mail_settings")


@require_POST
@runner_or_clinician_required
def mail_links_end(request: HttpRequest) -> HttpResponse:
    hold_links(person=request.user, now=timezone.now())
    messages.success(request, _("The links in all mails that you have got are useless now."))
    return redirect("mail_settings")


def _form(request: HttpRequest, page: MailsPage) -> MailSettingsForm:
    person = request.user
    sent = request.POST if request.method == "POST" else None
    zone = {} if person.is_runner else {"zone": person.time_zone, "keeps_home_time": person.keeps_home_time}
    return MailSettingsForm(sent, page=page, **zone)


def _is_saved(request: HttpRequest, form: MailSettingsForm) -> bool:
    """A refusal becomes an error of the form."""
    try:
        change_mails(person=request.user, now=timezone.now(), **_given(form))
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    except ValidationError as error:
        form.add_error("time_zone", error)
        return False
    return True


def _given(form: MailSettingsForm) -> dict:
    """What the form says, for the service; a runner's zone is on another page."""
    given = form.cleaned_data
    wishes = [
        Wish(kind, given[f"{kind}_on"], given.get(f"{kind}_wall"), form.days_of(kind))
        for kind in (choice.kind for choice in form.choices)
    ]
    zone = Zone(given["time_zone"], given["keeps_home_time"]) if "time_zone" in given else None
    quiet = {name: given[name] for name in ("quiet_from", "quiet_until")}
    return {**quiet, "wishes": wishes, "zone": zone}
