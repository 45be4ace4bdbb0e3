"""Who may do what through the API: the site's own rule, narrowed to the key's organisation and scopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import Http404
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grants.api.parsing import StrictJSONParser
from grants.api.problems import handle
from grants.models import MonitoringReturn
from grants.models.monitoring_return import MonitoringReturnQuerySet
from vru.accounts.api_authentication import ApiTokenAuthentication
from vru.accounts.api_throttles import ApiRateThrottle
from vru.accounts.models import ApiToken, Membership, User
from vru.lib.periods import PeriodError, Quarter

_VERBS = {
    ApiToken.Scope.READ: "read returns",
    ApiToken.Scope.DRAFT: "save drafts",
    ApiToken.Scope.SUBMIT: "submit returns",
}


class HasScope(BasePermission):
    """A key needs the scope that the view names for the method. A person signed in has what their account has."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.user, User):
            raise NotAuthenticated("Send a key: “Authorization: Bearer …”.")
        scopes: dict[str, ApiToken.Scope] = getattr(view, "scopes", {})
        needed = scopes.get(request.method or "", ApiToken.Scope.READ)
        if isinstance(request.auth, ApiToken) and needed.value not in request.auth.scopes:
            raise PermissionDenied(
                f"This key may not {_VERBS[needed]}: it lacks the scope {needed.value}. Make a key that has it."
            )
        return True


class ReturnView(APIView):
    """What every view of a grantee's return has in common."""

    authentication_classes = (ApiTokenAuthentication, SessionAuthentication)
    permission_classes: tuple[type[BasePermission], ...] = (HasScope,)
    throttle_classes = (ApiRateThrottle,)
    parser_classes = (StrictJSONParser,)
    renderer_classes = (JSONRenderer,)
    metadata_class = None
    # By method; whatever is not named here needs only to read.
    scopes: ClassVar[dict[str, ApiToken.Scope]] = {}

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        return handle


def returns_for(request: Request) -> MonitoringReturnQuerySet:
    """The returns this request may see, with what every answer about one names."""
    assert isinstance(request.user, User)
    found = MonitoringReturn.objects.visible_to(request.user)
    if isinstance(request.auth, ApiToken):
        found = found.filter(commitment__organisation=request.auth.organisation_id)
    return found.select_related("quarter", "commitment__organisation", "commitment__programme")


def return_for(request: Request, grant: str, quarter: str) -> MonitoringReturn:
    """One of them. Raises Http404 alike for what does not exist and for what is another organisation's."""
    try:
        period = Quarter.parse(quarter)
    except PeriodError as error:
        raise Http404(str(error)) from error
    item = (
        returns_for(request)
        .filter(commitment__ref=grant, quarter__year=period.year, quarter__number=period.number)
        .first()
    )
    if item is None:
        raise Http404("There is no such return among those you may see.")
    return item


def own_return_for(request: Request, grant: str, quarter: str) -> MonitoringReturn:
    """The same, with what is still being written: raises PermissionDenied for people who do not act for its
    organisation, such as staff."""
    item = return_for(request, grant, quarter)
    acts = Membership.objects.current().filter(user=request.user.pk, organisation=item.commitment.organisation_id)
    if not acts.exists():
        raise PermissionDenied("Only people who act for the organisation may read or change its draft.")
    return item
