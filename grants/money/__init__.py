"""What stands about money, read only: plans, headroom, what was paid, profile, actual and forecast."""
