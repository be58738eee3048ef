"""Who may see a runner's data: granted, asked for, looked up. Ending it is in ``programs.urls``."""

from django.urls import path

from accounts.views import access, invitations, offers, records

urlpatterns = [
    path("access/", access.access, name="access"),
    path("access/code/", offers.offer, name="offer"),
    path("access/code/withdraw/", offers.offer_withdraw, name="offer_withdraw"),
    path("access/hand-over/<uuid:hand_over_id>/refuse/", access.hand_over_refuse, name="hand_over_refuse"),
    path("access/hand-over/<uuid:hand_over_id>/agree/", access.hand_over_agree, name="hand_over_agree"),
    path("records/", records.records, name="records"),
    path("code/", offers.code, name="code"),
    path("code/<slug:code>/", offers.code_link, name="code_link"),
    path("asks/", invitations.asks, name="asks"),
    path("asks/<uuid:invitation_id>/withdraw/", invitations.ask_withdraw, name="ask_withdraw"),
    path("asked/<slug:secret>/", invitations.ask, name="ask"),
    path("asked/<slug:secret>/accept/", invitations.ask_accept, name="ask_accept"),
    path("asked/<slug:secret>/decline/", invitations.ask_decline, name="ask_decline"),
]
