"""What the worker and the clock call for returns. Each task calls one action and is safe to repeat."""
