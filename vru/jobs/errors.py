"""What can go wrong with background work, each as one plain sentence."""

from __future__ import annotations


class JobError(Exception):
    """Base of everything this app raises; ``str()`` is a sentence fit for a person."""


class JobCancelled(JobError):
    """Somebody asked for this job to stop. Raised inside the handler; let it pass."""


class LeaseLost(JobError):
    """Another worker has taken this job over. Raised inside the handler; nothing more may be written."""


class JobFailed(JobError):
    """Raised by a handler that knows what is wrong; the sentence is shown to whoever asked for the job."""


class JobRefused(JobError):
    """The job's status, or another live job with the same key, does not allow what was asked."""
