from grants.questionnaire.asked import boxes_for
from grants.questionnaire.boxes import Box, BoxKind

__all__ = ["Box", "BoxKind", "boxes_for"]
