"""The progress page."""

from programs.selectors.pain_chart import PainChart, pain_chart_for

__all__ = ["PainChart", "pain_chart_for"]
