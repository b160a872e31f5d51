"""Writes. Each is one transaction with its audit event in it."""
