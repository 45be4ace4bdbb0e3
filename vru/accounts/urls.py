from django.urls import path

from vru.accounts import views

app_name = "accounts"
urlpatterns = [path("", views.organisation, name="organisation")]
