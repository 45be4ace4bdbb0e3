from vru.jobs.models.job import JOB_STATES, Job
from vru.jobs.models.notification import MessagePreference, Notification, Topic
from vru.jobs.models.outbox import OutboxMessage

__all__ = ["JOB_STATES", "Job", "MessagePreference", "Notification", "OutboxMessage", "Topic"]
