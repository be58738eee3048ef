"""What each field of a programme document is called to a physiotherapist."""

from django.utils.translation import gettext_lazy as _

#: Field without its last part where that is the evidence -> its name.
FIELDS: dict[str, str] = {
    "title": _("title"),
    "summary": _("summary"),
    "condition": _("which pain it is for"),
    "audience": _("whom it is for"),
    "language": _("language"),
    "family": _("family"),
    "sources": _("list of sources"),
    "entry": _("who may start"),
    "notes": _("what to know"),
    "start_stages": _("stages to begin with"),
    "sign_off": _("a physiotherapist confirms before the next stage"),
    "kind": _("kind of stage"),
    "goal": _("goal"),
    "normal": _("what is normal"),
    "not_normal": _("what is not normal"),
    "stop_if": _("when to stop"),
    "criteria.need_sessions": _("comfortable sessions needed"),
    "criteria.min_days": _("days on this stage at least"),
    "criteria.min_logged": _("days with a score, of the last seven"),
    "criteria.q": _("highest score that counts as quiet"),
    "sessions_per_week": _("sessions a week"),
    "sessions_per_week.min": _("fewest sessions a week"),
    "sessions_per_week.max": _("most sessions a week"),
    "days_between": _("rest days between sessions"),
    "limits.intensity_max": _("how hard at most"),
    "limits.run_minutes_max": _("minutes of running in one outing at most"),
    "limits.single_run_growth_percent": _("percent a run may be longer at most"),
    "limits.week_growth_percent": _("percent a week may be fuller at most"),
    "counts": _("the diary asks about it"),
    "basis": _("where the session comes from"),
    "per_week": _("times a week"),
    "per_week.min": _("fewest times a week"),
    "per_week.max": _("most times a week"),
    "run_walk": _("running and walking"),
    "run_walk.warm_up_min": _("minutes of warm-up"),
    "run_walk.cool_down_min": _("minutes of cool-down"),
    "run_walk.intervals": _("intervals"),
    "advice": _("advice"),
    "exercises": _("exercises"),
    "level": _("dose"),
    "up_to": _("dose to grow to"),
    "when": _("only for one direction"),
    "engine.red_at": _("score that means one step back"),
    "engine.severe_at": _("score at rest that means a pause"),
    "engine.flare_delta": _("points above usual that make a flare"),
    "engine.rest_cap_days": _("easy days at most"),
    "engine.s0_eased_at": _("score that ends the easy days early"),
    "engine.s0_cap_max": _("score with which walking begins after the easy days"),
    "engine.cooldown_days": _("easy days after a step back"),
    "engine.strikes": _("steps back that mean a pause"),
    "engine.strikes_window_days": _("days in which steps back are counted"),
    "engine.long_gap_days": _("days without an entry that mean one step back"),
    "engine.session_max_age_days": _("days for which a session counts"),
    "engine.not_better_from_day": _("day from which pain should be clearly better"),
    "engine.not_better_points": _("points that are clearly better"),
    "engine.not_better_percent": _("percent that is clearly better"),
    "engine.not_better_floor": _("score below which that is not asked"),
}
#: Last part of a field -> what it says of the number before it.
EVIDENCE: dict[str, str] = {
    "grade": _("{name}: evidence"),
    "source": _("{name}: source"),
    "also": _("{name}: further sources"),
    "note": _("{name}: note"),
}
WHEN: dict[str, str] = {
    "flexion_intolerant": _("where bending forward makes it worse"),
    "extension_intolerant": _("where arching back makes it worse"),
}


def name_of(field: str) -> str:
    """The name of a dotted field; one that nobody knows is called as it is written."""
    whole = FIELDS.get(field)
    if whole:
        return str(whole)
    base, _dot, last = field.rpartition(".")
    if last == "value" and base in FIELDS:
        return str(FIELDS[base])
    if last in EVIDENCE and base in FIELDS:
        return str(EVIDENCE[last]).format(name=FIELDS[base])
    return field
