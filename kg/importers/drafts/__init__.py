"""Drafts of table rows, proposed by rules from the text of an article; a curator decides on each.

The rules read names that the graph has, trigger words in English and Spanish, words that express reserve, and
dates in words. A cell that they cannot tell stays empty.
"""
