"""Profiles: pages by class of thing: actor, statement, event, claim, source, submission, and others."""
