"""Incoterms 2020 of the International Chamber of Commerce: who carries cost and risk, and how far."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Incoterm(models.TextChoices):
    EXW = "EXW", _("EXW: Ex Works")
    FCA = "FCA", _("FCA: Free Carrier")
    CPT = "CPT", _("CPT: Carriage Paid To")
    CIP = "CIP", _("CIP: Carriage and Insurance Paid To")
    DAP = "DAP", _("DAP: Delivered at Place")
    DPU = "DPU", _("DPU: Delivered at Place Unloaded")
    DDP = "DDP", _("DDP: Delivered Duty Paid")
    FAS = "FAS", _("FAS: Free Alongside Ship")
    FOB = "FOB", _("FOB: Free on Board")
    CFR = "CFR", _("CFR: Cost and Freight")
    CIF = "CIF", _("CIF: Cost, Insurance and Freight")
