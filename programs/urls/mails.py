"""Mails: which somebody wants, what was sent, and the time zone that their times are in."""

from django.urls import path

from programs.views import mail_settings, zones

urlpatterns = [
    path("settings/mails/", mail_settings.mail_settings, name="mail_settings"),
    path("settings/mails/sent/", mail_settings.mails_sent, name="mails_sent"),
    path("settings/mails/links/end/", mail_settings.mail_links_end, name="mail_links_end"),
    path("settings/mails/<slug:kind>/test/", mail_settings.mail_test, name="mail_test"),
    path("settings/zone/", zones.use_zone, name="use_zone"),
    path("settings/zone/keep/", zones.keep_home, name="keep_home_time"),
]
