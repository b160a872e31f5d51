"""A village's week: which week is open, what stands in it, which event another village already told."""
