"""The figures of the Overview, counted a second time by hand-written SQL: `python -m recount`, or `make smoke`.

`by_hand.py` shares nothing with the product but the tables; a project test holds it. Who doubts a figure reads it there.
"""
