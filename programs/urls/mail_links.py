"""What the links in mails lead to: short, for eleven of them stand in one mail; each with its token."""

from django.urls import path

from programs.views import ask_again, one_tap, unsubscribe

urlpatterns = [
    path("m/s/<str:token>/<int:score>/", one_tap.one_tap, name="one_tap"),
    path("m/u/<str:token>/", unsubscribe.mail_unsubscribe, name="mail_unsubscribe"),
    path("m/u/<str:token>/undo/", unsubscribe.mail_undo, name="mail_undo"),
    path("m/a/<str:token>/", ask_again.mail_again, name="mail_again"),
]
