"""What the strategy promised, and how far it is."""

from django.urls import path

from programmes.views import strategy

app_name = "strategy"
urlpatterns = [
    path("", strategy.strategy, name="progress"),
    path("commitments/<int:pk>/", strategy.commitment_progress, name="commitment"),
    path("actions/<int:pk>/", strategy.action_progress, name="action"),
]
