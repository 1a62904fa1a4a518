"""Writes of this app. Each locks the plan's row first, so nothing is granted or counted twice even in parallel."""
