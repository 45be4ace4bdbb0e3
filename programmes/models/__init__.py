from programmes.models.area import Area
from programmes.models.breakdown import Category, Dimension
from programmes.models.budget import BudgetCategory, BudgetLine, CostHeading
from programmes.models.decision import Decision
from programmes.models.funding import Allocation, FunderAgreement, FunderRule, FundingSource
from programmes.models.indicator import Indicator, IndicatorTarget, IndicatorVersion
from programmes.models.programme import PROGRAMME_STATES, Programme
from programmes.models.source_document import SourceDocument
from programmes.models.strategy import (
    Aim,
    AimLink,
    LogicLink,
    Objective,
    Outcome,
    Strategy,
    StrategyCommitment,
    StrategyVersion,
    Theme,
    WorkplanAction,
    WorkStrand,
)
from programmes.models.unit import Unit

__all__ = [
    "PROGRAMME_STATES",
    "Aim",
    "AimLink",
    "Allocation",
    "Area",
    "BudgetCategory",
    "BudgetLine",
    "Category",
    "CostHeading",
    "Decision",
    "Dimension",
    "FunderAgreement",
    "FunderRule",
    "FundingSource",
    "Indicator",
    "IndicatorTarget",
    "IndicatorVersion",
    "LogicLink",
    "Objective",
    "Outcome",
    "Programme",
    "SourceDocument",
    "Strategy",
    "StrategyCommitment",
    "StrategyVersion",
    "Theme",
    "Unit",
    "WorkStrand",
    "WorkplanAction",
]
