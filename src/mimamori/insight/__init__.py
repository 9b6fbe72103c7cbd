"""Statistics for policy: counts with small cells closed. Nothing here knows a child."""

from mimamori.insight.funnel import STAGES, Funnel, Stage, funnel
from mimamori.insight.headcount import headcount

__all__ = ["STAGES", "Funnel", "Stage", "funnel", "headcount"]
