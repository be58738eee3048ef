"""To a runner: what was decided of her programme, or that somebody wrote."""

from typing import Any

from accounts.emails import Words
from accounts.links import page
from programs.emails.content import Content
from programs.emails.letters import worded
from programs.models import MessageOwed
from programs.said import said


def advance(message: MessageOwed, content: Content) -> Words:
    return _about_decision(message, content, "advance")


def step_back(message: MessageOwed, content: Content) -> Words:
    return _about_decision(message, content, "step_back")


def pause(message: MessageOwed, content: Content) -> Words:
    return _about_decision(message, content, "pause", link="paused")


def written(message: MessageOwed, content: Content) -> Words:
    """That there is something to read, and not what."""
    return worded(message, content, "written", {"link": page("today")})


def _about_decision(message: MessageOwed, content: Content, template: str, *, link: str = "today") -> Words:
    """The decision with its reason; stage titles come from the edition that decided.

    ``holds_back``: Today names no session now, whatever was decided last night.
    """
    decision = message.decision
    context: dict[str, Any] = {
        "decision": decision,
        # One line, also where somebody wrote several.
        "reason": " ".join(said(decision.reason).split()),
        "link": page(link),
        "check_in_link": page("check_in"),
        "why_link": page("why"),
        "holds_back": False,
    }
    if "stage_title" not in content.context:
        # She may have been moved to another programme since.
        context["stage_title"] = said(decision.version.stage_title(decision.stage_after))
    return worded(message, content, template, context)
