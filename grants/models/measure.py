"""What a return counts, and the sections it is made of."""

from django.db import models


class Measure(models.TextChoices):
    """The reach ledger. Different things, never added to each other."""

    NEW = "new", "New people supported"
    CARRIED_IN = "carried_in", "People carried in at the start of the year"
    CONTINUING = "continuing", "People who continued from before"
    ACTIVE = "active", "People being supported at the end of the quarter"
    CONTACTS = "contacts", "Contacts (sessions or attendances)"
    INDIRECT = "indirect", "People reached indirectly"
    TRAINED = "trained", "Practitioners trained"
    REFERRED = "referred", "People referred"
    STARTED = "started", "People who started"
    COMPLETED = "completed", "People who completed"


class Section(models.TextChoices):
    CONTACTS = "A", "Contacts and safeguarding lead"
    DELIVERY = "B", "Delivery status"
    REACH = "C", "People reached"
    BREAKDOWNS = "D", "Who the new people are"
    INDICATORS = "E", "Outcomes"
    SPEND = "F", "Spend and forecast"
    NARRATIVE = "G", "What happened"
    CASE_STUDY = "H", "Case study"
    RISKS = "I", "Risks and incidents"
    EVIDENCE = "J", "Evidence"
    DECLARATION = "K", "Declaration"
