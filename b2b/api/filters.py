"""Filters by allow-list: each list names its ``filterset_class``; anything else in the query is refused."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import gettext
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from b2b.api.paging import CURSOR, LIMIT, ORDERING
from b2b.api.pointers import faults_in, parameter
from b2b.errors import Fault, Invalid

OF_EVERY_LIST = frozenset({CURSOR, LIMIT, ORDERING})

__all__ = ["FilterSet", "StrictFilters"]


class StrictFilters(DjangoFilterBackend):
    """Applies the view's ``filterset_class`` and refuses parameters it does not know."""

    def get_filterset_class(self, view: Any, queryset: Any = None) -> Any:
        """The one the view names, and no other; an action may list rows of another model than its view."""
        return getattr(view, "filterset_class", None)

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        self._require_known(request, view)
        try:
            return super().filter_queryset(request, queryset, view)
        except ValidationError as error:
            raise Invalid(faults=[_of_parameter(fault) for fault in faults_in(error.detail)]) from None

    def _require_known(self, request: Request, view: Any) -> None:
        filterset_class = self.get_filterset_class(view)
        allowed = OF_EVERY_LIST | (_parameters(filterset_class) if filterset_class else frozenset())
        if unknown := sorted(request.query_params.keys() - allowed):
            detail = gettext("Allowed are: %(allowed)s.") % {"allowed": ", ".join(sorted(allowed))}
            raise Invalid(faults=[Fault(parameter(name), "unknown-parameter", detail) for name in unknown])


def _of_parameter(fault: Fault) -> Fault:
    return Fault(parameter(fault.pointer.removeprefix("#/")), fault.code, fault.detail)


@cache
def _parameters(filterset_class: type[FilterSet]) -> frozenset[str]:
    """What a list may be asked by. A range filter reads two parameters of its own naming."""
    widgets = {name: field.widget for name, field in filterset_class().form.fields.items()}
    ranges = (
        f"{name}_{suffix}" for name, widget in widgets.items() for suffix in getattr(widget, "suffixes", ()) if suffix
    )
    return frozenset(widgets) | frozenset(ranges)
