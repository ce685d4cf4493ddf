"""Columnar projection: the record and the coded rows of a version as Parquet tables, beside the store.

It is a copy that any process may make again from the store, and stands for one version of the log. Questions
over many rows are answered from it by DuckDB; the tables of exports come from it too.
"""
