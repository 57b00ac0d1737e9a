"""The few pages the server itself shows: problems, the front end's shell, and what went wrong."""

from __future__ import annotations

import sys

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from b2b.api.collisions import database_refusal
from b2b.api.problem_pages import NoSuchPage, page
from b2b.api.problems import problem
from b2b.api.refusals import CsrfFailed, Malformed, Unexpected
from b2b.errors import DomainError, NotAllowed, NotFound

FOR_MACHINES = ("/api/", "/_allauth/", "/healthz", "/readyz")


@require_safe
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """What a problem's ``type`` leads to: what happened and what to do, in both languages."""
    try:
        return render(request, "b2b/problem.html", {"page": page(code)})
    except NoSuchPage:
        raise Http404 from None


@require_safe
@ensure_csrf_cookie
def front_end(request: HttpRequest) -> HttpResponse:
    """The front end's shell, whatever the path: it finds its page itself."""
    shell = settings.FRONTEND_DIST / "index.html"
    if not shell.is_file():
        return render(request, "b2b/not_built.html", status=503)
    return HttpResponse(shell.read_bytes(), headers={"Cache-Control": "no-cache"})


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """The front end's page, or on to where a signed-in person was going, if that is on our own host."""
    onward = request.GET.get("next", "/")
    if request.user.is_authenticated and url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        return redirect(onward)
    return front_end(request)


def unknown_address(request: HttpRequest) -> HttpResponse:
    """Nothing of ours answers here; a forgotten slash is the usual reason."""
    detail = "" if request.path.endswith("/") else gettext("Addresses end with a slash.")
    return problem(NotFound(detail))


def refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Machines get the problem document, people a page that says the same."""
    answer = problem(refusal)
    if request.path.startswith(FOR_MACHINES) or "text/html" not in request.headers.get("Accept", "text/html"):
        return answer
    page = render(request, "b2b/refused.html", {"refusal": refusal}, status=refusal.status)
    vars(page).update(problem_code=refusal.code, _has_been_logged=True)
    return page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, Malformed())


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, NotAllowed())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, NotFound())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refused(request, CsrfFailed(reason))


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the exception is being handled; a database that went away is not our fault."""
    error = sys.exc_info()[1]
    refusal = database_refusal(error) if isinstance(error, DatabaseError | InterfaceError) else None
    return refused(request, refusal or Unexpected())
