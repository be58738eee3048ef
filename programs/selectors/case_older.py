"""What a rule may ask of the days before the window of a caseload: of few runners, and of each a few rows.

As ``snapshots.kept_entries`` keeps them: the last day on which something was logged, the
last sessions of the present stage, and the mornings after these. Each is one look into the
index of enrolment and date, however long the diary is.
"""

from collections.abc import Callable, Iterable

from django.db.models import DateField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Least

from accounts.among import Among, given_ids
from accounts.statements import Given, Statement
from programs.models import DiaryEntry, Enrolment
from programs.rows import OLDER_SESSIONS, SAYS_NOTHING, days_from, done
from programs.selectors.case_rows import DAY, WINDOW, Windows, asks_further_back, usual_of
from programs.selectors.case_texts import Texts, one_each, texts_of, together

#: How a subquery names a column of the enrolment, however deep it stands.
_Ref = Callable[[str], OuterRef]


def read_older(enrolments: list[Enrolment], windows: Windows, texts: Texts) -> Texts:
    """The rows of those of whom a rule could ask it; one query, where there are any."""
    asked = []
    for enrolment in enrolments:
        of_her, since = texts[enrolment.id], windows[enrolment.id]
        if asks_further_back(enrolment, since, of_her.get("days", ""), of_her.get("planned", "")):
            asked.append(enrolment.id)
    return texts_of(asked, _older.rows(ids=asked, usual=usual_of(windows))) if asked else {}


@Statement
def _older() -> QuerySet:
    window = days_from("decided_through", 1 - WINDOW)
    whose = Enrolment.objects.filter(Among("pk", given_ids()))
    whose = whose.annotate(since=Least(window, Given("usual", DateField())))
    return together(*(one_each(whose, text, "older", "pk") for text in _texts()))


def _texts() -> Iterable[Subquery]:
    """One day each; the same day may come twice."""
    yield _text(_before(OuterRef).exclude(SAYS_NOTHING)[:1])
    for nth in range(OLDER_SESSIONS):
        session = slice(nth, nth + 1)
        yield _text(_sessions(OuterRef)[session])
        ran = _sessions(lambda name: OuterRef(OuterRef(name))).annotate(next=days_from("date", 1))
        yield _text(_before(OuterRef).filter(date=Subquery(ran.values("next")[session])))


def _text(rows: QuerySet) -> Subquery:
    return Subquery(rows.annotate(text=DAY).values("text"))


def _before(ref: _Ref) -> QuerySet:
    """Her days before the window, the newest first."""
    return DiaryEntry.objects.filter(enrolment=ref("pk"), date__lt=ref("since")).order_by("-date")


def _sessions(ref: _Ref) -> QuerySet:
    return done(_before(ref)).filter(stage_shown=ref("stage"), date__gte=ref("stage_entered_on"))
