"""Red flags as the physiotherapists' work: who looks after them, and the numbers of a clinic."""

from django.urls import path

from programs.views import red_flag_cases

urlpatterns = [
    path("red-flags/<uuid:case_id>/take/", red_flag_cases.red_flag_take, name="red_flag_take"),
    path("clinic/workload/", red_flag_cases.workload, name="workload"),
]
