from programmes.models.agreement import AgreementChange, Claim, Receipt, YearEndStatement
from programmes.models.area import Area
from programmes.models.breakdown import Category, Dimension
from programmes.models.budget import BudgetCategory, BudgetChange, BudgetLine, CostHeading
from programmes.models.decision import Decision
from programmes.models.funding import Allocation, FunderAgreement, FunderRule, FundingSource
from programmes.models.indicator import Indicator, IndicatorTarget, IndicatorVersion
from programmes.models.overcommitment import Overcommitment
from programmes.models.population import AreaPopulation
from programmes.models.programme import PROGRAMME_STATES, Programme
from programmes.models.programme_detail import NamedWard, ObjectiveWeight, ProgrammeDocument, ProgrammeRisk
from programmes.models.source_document import SourceDocument
from programmes.models.strategy import (
    Aim,
    AimLink,
    LogicLink,
    Objective,
    Outcome,
    PromiseStatus,
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
    "AgreementChange",
    "Aim",
    "AimLink",
    "Allocation",
    "Area",
    "AreaPopulation",
    "BudgetCategory",
    "BudgetChange",
    "BudgetLine",
    "Category",
    "Claim",
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
    "NamedWard",
    "Objective",
    "ObjectiveWeight",
    "Outcome",
    "Overcommitment",
    "Programme",
    "ProgrammeDocument",
    "ProgrammeRisk",
    "PromiseStatus",
    "Receipt",
    "SourceDocument",
    "Strategy",
    "StrategyCommitment",
    "StrategyVersion",
    "Theme",
    "Unit",
    "WorkStrand",
    "WorkplanAction",
    "YearEndStatement",
]
