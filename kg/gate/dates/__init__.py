"""Dates: the days of XML Schema's calendar, and what written words say of them."""
