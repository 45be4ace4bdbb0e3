"""Which world a record belongs to. A total never mixes layers."""

from django.db import models


class Layer(models.TextChoices):
    RECORDED = "recorded", "Recorded"
    PUBLISHED = "published", "Published"
    ILLUSTRATIVE = "illustrative", "Illustrative"
