"""Reconciliation: matches rows of other people's tables to things of the graph, as OpenRefine does.

It follows the Reconciliation Service API 0.2 of the W3C Entity Reconciliation Community Group.
"""
