"""Columnar projection: the record and the coded rows of a version as Parquet tables, beside the store.

It is a copy of one version of the log, which any process can rebuild from the store. DuckDB answers questions
over many rows from it, and the tables of exports come from it too.
"""
