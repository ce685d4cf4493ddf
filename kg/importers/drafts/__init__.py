"""Drafts of table rows, proposed by rules from the text of an article; a curator decides on each.

The rules recognize names in the graph, trigger words in English and Spanish, hedging words, and
dates in words. If they cannot determine a cell, it stays empty.
"""
