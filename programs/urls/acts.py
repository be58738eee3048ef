"""Acts that change what a runner follows: a confirmed step, another programme, the end of one."""

from django.urls import path

from programs.views import acts, leaving_programme

urlpatterns = [
    path("runners/<uuid:public_id>/sign-off/", acts.override_sign_off, name="override_sign_off"),
    path("runners/<uuid:public_id>/move/", acts.override_move, name="override_move"),
    path("runners/<uuid:public_id>/discharge/", acts.discharge, name="discharge"),
    path("ended/", leaving_programme.ended, name="ended"),
    path("settings/leave/", leaving_programme.leave_programme, name="leave_programme"),
]
