"""Every address of the site. Pages live in the apps; this is where they meet."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
]
