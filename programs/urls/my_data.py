"""What the site keeps about whoever is signed in: to take away, and to have deleted."""

from django.urls import path

from programs.views import my_data

urlpatterns = [
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/download/", my_data.my_data_download, name="my_data_download"),
    path("my-data/delete/", my_data.my_data_delete, name="my_data_delete"),
    path("my-data/deleted/", my_data.my_data_deleted, name="my_data_deleted"),
]
