"""Messages between a runner and her physiotherapists, and the private notes of these."""

from django.urls import path

from programs.views import conversation

urlpatterns = [
    path("messages/", conversation.messages, name="messages"),
    path("runners/<uuid:public_id>/messages/", conversation.runner_messages, name="runner_messages"),
    path("runners/<uuid:public_id>/notes/", conversation.runner_notes, name="runner_notes"),
]
