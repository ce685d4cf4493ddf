"""Tests of kg/facts/loads."""
