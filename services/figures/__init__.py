"""How the figures are counted and compared: shared by the queries, scoped by what they are given."""
