"""Clinics: their physiotherapists, invitations, hand-overs and covers."""

from django.urls import path

from accounts.views import clinic, clinic_settings, cover, hand_over, joining

urlpatterns = [
    path("join/<slug:secret>/", joining.join, name="join"),
    # --- site managers; what a lead does as well, the doors decide -------------
    path("clinics/", clinic.clinics, name="clinics"),
    path("clinics/new/", clinic.clinic_new, name="clinic_new"),
    path("clinics/invite/", clinic.join_invite, name="join_invite"),
    path("clinics/<uuid:clinic_id>/", clinic.clinic, name="clinic"),
    path("clinics/<uuid:clinic_id>/settings/", clinic_settings.clinic_settings, name="clinic_settings"),
    path("clinics/<uuid:clinic_id>/invite/", clinic.clinic_invite, name="clinic_invite"),
    path("clinics/invitations/<uuid:invitation_id>/withdraw/", clinic.join_withdraw, name="join_withdraw"),
    path("clinics/members/<uuid:membership_id>/lead/", clinic.member_lead, name="member_lead"),
    path("clinics/members/<uuid:membership_id>/end/", clinic.member_end, name="member_end"),
    # --- physiotherapists ------------------------------------------------------
    path("clinic/", clinic.my_clinic, name="my_clinic"),
    path(
        "clinic/members/<uuid:membership_id>/hand-over/", hand_over.member_hand_over, name="member_hand_over"
    ),
    path("clinic/hand-overs/", hand_over.hand_overs, name="hand_overs"),
    path("clinic/hand-overs/new/", hand_over.hand_over_new, name="hand_over_new"),
    path(
        "clinic/hand-overs/<uuid:hand_over_id>/withdraw/",
        hand_over.hand_over_withdraw,
        name="hand_over_withdraw",
    ),
    path("clinic/covers/", cover.covers, name="covers"),
    path("clinic/covers/new/", cover.cover_new, name="cover_new"),
    path("clinic/covers/<uuid:cover_id>/end/", cover.cover_end, name="cover_end"),
]
