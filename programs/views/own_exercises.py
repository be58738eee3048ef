"""A clinic's own exercises: the list, the form, and the pictures for whoever is signed in."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import clinician_required, member_required
from accounts.middleware import KEPT_BY_BROWSERS
from programs.forms.own_exercises import OwnExerciseForm
from programs.models import ExercisePicture, LibraryItem
from programs.selectors.own_exercises import own_exercise_cards, own_exercise_of
from programs.services.own_exercises import Upload, edit_exercise, write_exercise
from programs.services.pictures import CONTENT_TYPE
from programs.views.acting import attempted


@require_safe
@clinician_required
def own_exercises(request: HttpRequest) -> HttpResponse:
    page = {"exercises": own_exercise_cards(request.user)}
    return render(request, "programs/own_exercises/list.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def own_exercise_new(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    if _is_saved(request, form):
        return redirect("own_exercises")
    return render(request, "programs/own_exercises/form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@clinician_required
def own_exercise(request: HttpRequest, key: str) -> HttpResponse:
    """Edit one; what runners do follows at once."""
    item = own_exercise_of(request.user, key)
    if item is None:
        raise Http404("No such exercise.")
    form = _form(request, document=item.document, number=item.number)
    if _is_saved(request, form, item):
        return redirect("own_exercises")
    return render(request, "programs/own_exercises/form.html", {"form": form, "item": item})


@require_safe
@member_required
def exercise_picture(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A picture by its key, which nobody guesses; it never changes, so browsers keep it."""
    picture = get_object_or_404(ExercisePicture, key=key)
    return HttpResponse(
        bytes(picture.content),
        content_type=CONTENT_TYPE,
        headers={
            "Cache-Control": KEPT_BY_BROWSERS,
            "Content-Disposition": f'inline; filename="{picture.key}.webp"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _form(request: HttpRequest, document: dict | None = None, number: int = 0) -> OwnExerciseForm:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = OwnExerciseForm(*sent, document=document)
    form.initial["number"] = number
    return form


def _is_saved(request: HttpRequest, form: OwnExerciseForm, item: LibraryItem | None = None) -> bool:
    """Save, if the form was sent and is sound, a new one or the next number of ``item``.

    A refusal becomes an error of the form.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    sent = form.cleaned_data["picture"]
    picture = Upload(sent.file, sent.size) if sent else None
    given = {"by": request.user, "now": timezone.now(), "document": form.to_document(), "picture": picture}
    if item is None:
        row = attempted(form, write_exercise, **given)
    else:
        # The number that she edited, which need not be the newest any more.
        number = form.cleaned_data["number"] or 0
        row = attempted(form, edit_exercise, key=item.key, number=number, **given)
    if row is None:
        return False
    messages.success(request, _("{title} is saved.").format(title=row.document["title"]))
    return True
