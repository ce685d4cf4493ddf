"""What all tests share."""

from hypothesis import settings

# The same examples at every run, and no clock: a slow machine is no fault.
settings.register_profile("kg", deadline=None, derandomize=True)
settings.load_profile("kg")
