"""What persons did to a programme, with their reasons: acts, and exercises that were changed."""

from django.utils.translation import gettext as _

from programs.models import Adjustment, AdjustmentKind, Override, OverrideKind
from programs.papers.report import Row
from programs.said import said
from programs.selectors.day_words import full_day
from programs.selectors.editions_lived import Editions
from programs.selectors.library import exercise_documents
from programs.selectors.progress_rows import ProgressRows
from programs.selectors.report_stays import when


def act_rows(rows: ProgressRows, editions: Editions) -> tuple[Row, ...]:
    """Of the time that is reported, newest first. Two queries, and the library's where there is a change."""
    inside = {"enrolment": rows.enrolment, "date__range": (rows.first, rows.today)}
    acts = Override.objects.filter(**inside).select_related("made_by", "version")
    changes = list(Adjustment.objects.filter(**inside).select_related("made_by"))
    titles = {key: row["title"] for key, row in exercise_documents().items()} if changes else {}
    found = [(act.made_at, _row(act, _act_words(act, editions), rows)) for act in acts]
    found += [(one.made_at, _row(one, _change_words(one, titles), rows)) for one in changes]
    return tuple(row for _made_at, row in sorted(found, key=lambda pair: pair[0], reverse=True))


def _row(act: Override | Adjustment, what: str, rows: ProgressRows) -> Row:
    given = {"code": act.get_reason_code_display(), "reason": said(act.reason), "name": str(act.made_by)}
    return Row(when(act.date, rows), what, _("%(code)s: %(reason)s (%(name)s)") % given)


def _act_words(act: Override, editions: Editions) -> str:
    kind = said(act.get_kind_display())
    if act.kind == OverrideKind.HOLD_UNTIL:
        return _("Held until %(date)s") % {"date": full_day(act.until)}
    if act.stage:
        return f"{kind[:1].upper()}{kind[1:]}: {_stage_title(act, editions)}"
    return f"{kind[:1].upper()}{kind[1:]}"


def _stage_title(act: Override, editions: Editions) -> str:
    """By the edition that the act names, or by any that has the step."""
    for version in (act.version, editions.present, *editions.left.values()):
        if version and act.stage in version.stage_documents:
            return said(version.stage_title(act.stage))
    return act.stage


def _change_words(one: Adjustment, titles: dict[str, str]) -> str:
    names = {
        "exercise": titles.get(one.exercise, one.exercise),
        "instead": titles.get(one.instead, one.instead),
        "level": one.level,
    }
    words = {
        AdjustmentKind.DOSE: _("%(exercise)s: dose %(level)s"),
        AdjustmentKind.SWAP: _("%(instead)s in place of %(exercise)s"),
        AdjustmentKind.ENABLE: _("%(exercise)s: turned on"),
        AdjustmentKind.LEAVE_OUT: _("%(exercise)s: left out"),
        AdjustmentKind.RESTORE: _("%(exercise)s: as the programme says again"),
    }
    return words[one.kind] % names
