"""How many requests a key, or a person, may make in a minute."""

from __future__ import annotations

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from vru.accounts.models import ApiToken
from vru.lib.rate_limit import seconds_to_wait


class ApiRateThrottle(BaseThrottle):
    """Counts by key, by person where there is no key, and by address where there is neither."""

    seconds = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        if isinstance(request.auth, ApiToken):
            who = f"key {request.auth.pk}"
        elif request.user.is_authenticated:
            who = f"person {request.user.pk}"
        else:
            who = f"address {self.get_ident(request)}"
        self.seconds = seconds_to_wait("api", who, settings.API_REQUESTS_PER_MINUTE)
        return self.seconds == 0

    def wait(self) -> float | None:
        return float(self.seconds) if self.seconds else None
