"""Mails, for whoever runs the site."""

from django.urls import path

from programs.views.delivery_log import delivery_log_page

urlpatterns = [
    path("site/mails/", delivery_log_page, name="delivery_log"),
]
