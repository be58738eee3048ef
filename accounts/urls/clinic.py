"""Clinics: their physiotherapists, invitations, hand-overs and covers."""

urlpatterns = []
