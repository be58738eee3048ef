"""The first page, and the demonstration's button."""

from django.urls import path

from programs.tasks import close_demo_day
from programs.views import demo, site

urlpatterns = [
    path("", site.home, name="home"),
    path("demo/close-today/", demo.close_today, {"send": close_demo_day.delay}, name="demo_close_today"),
]
