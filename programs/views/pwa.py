"""The site as an app on a phone: its manifest, its worker, and the pages that it shows without a connection.

The pages are the same for everybody: a worker fetches them as a stranger and keeps
them. Only the runner's own address for her phone answers a person, with no page.
"""

import json
import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.guards import runner_required
from accounts.models import User
from accounts.phone import phone_id, phone_key
from programs.forms.offline import offline_check_in_form
from programs.selectors.offline import flag_levels, kept_page, offline_check_in
from programs.selectors.safety_notice import safety_notice
from programs.views.precached import icon_list, worker_options

GROUND, PAPER = "#1f4e5f", "#ffffff"


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    document = {
        "id": "/",
        "name": _("Rehab – return to running"),
        "short_name": "Rehab",
        "description": _("A graded return to running with a sore back. Not a medical device."),
        "start_url": reverse("today"),
        "scope": "/",
        "display": "standalone",
        "theme_color": GROUND,
        "background_color": PAPER,
        "icons": icon_list(),
    }
    return HttpResponse(
        json.dumps(document, ensure_ascii=False),
        content_type="application/manifest+json",
        headers={"Cache-Control": "no-cache"},
    )


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Two scripts under one name that never changes, and what differs between installations."""
    options = worker_options(flag_levels())
    scripts = ", ".join(json.dumps(url) for url in options.pop("scripts"))
    body = f'"use strict";\nself.REHAB = {json.dumps(options)};\nimportScripts({scripts});\n'
    return HttpResponse(
        body, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "programs/offline/offline.html")


@require_safe
def offline_form(request: HttpRequest) -> HttpResponse:
    page = offline_check_in(_country(request))
    form = offline_check_in_form([(flag.code, flag.text) for flag in page.flags])
    return render(request, "programs/offline/check_in.html", {"page": page, "form": form})


@require_safe
def offline_kept(request: HttpRequest) -> HttpResponse:
    return render(request, "programs/offline/kept.html", {"page": kept_page(_country(request))})


@require_safe
def offline_wrong(request: HttpRequest) -> HttpResponse:
    notice = safety_notice(User(country=_country(request)))
    return render(request, "programs/offline/wrong.html", {"notice": notice})


@require_safe
@never_cache
@runner_required
def phone(request: HttpRequest) -> JsonResponse:
    """Who is signed in, what seals her things on this phone, and a fresh token to send them with."""
    return JsonResponse(
        {"person": phone_id(request.user), "key": phone_key(request.user), "token": get_token(request)}
    )


def _country(request: HttpRequest) -> str:
    """A country of the address; anything else is that of the site."""
    code = request.GET.get("country", "")
    return code if re.fullmatch(r"[A-Z]{2}", code) else ""
