"""Her sessions in her own calendar."""

from django.urls import path

from programs.views import calendar

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/anew/", calendar.calendar_anew, name="calendar_anew"),
    path("calendar/end/", calendar.calendar_end, name="calendar_end"),
    path("c/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
]
