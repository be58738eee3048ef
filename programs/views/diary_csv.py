"""A runner's diary as a table, for whom she let in."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import clinician_required
from accounts.models import Act
from programs.engine.calendar import local_date
from programs.selectors.diary_csv import diary_csv
from programs.views.doors import runner_seen
from programs.views.downloads import file_headers


@require_safe
@clinician_required
def runner_csv(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment = runner_seen(request, public_id, "the diary as a table", Act.EXPORT)
    today = local_date(timezone.now(), enrolment.runner.zone)
    headers = file_headers("diary", today, "csv", enrolment)
    content = diary_csv(enrolment, today)
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
