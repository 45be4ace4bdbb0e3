from django.urls import path

from programmes.views import programmes

app_name = "programmes"
urlpatterns = [path("", programmes.programme_list, name="list")]
