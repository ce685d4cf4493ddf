"""Reconciliation: matches rows of external tables to things of the graph, for clients such as OpenRefine.

It follows the Reconciliation Service API 0.2 of the W3C Entity Reconciliation Community Group.
"""
