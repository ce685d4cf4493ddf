"""Dates: the days of XML Schema's calendar, and a reader of dates in words."""
