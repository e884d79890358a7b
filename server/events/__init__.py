"""Recorded events: one table serves the audit log and the live feed."""
