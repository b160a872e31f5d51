"""Reads. Each returns a DataFrame, or plain values, of rows in the actor's scope only."""
