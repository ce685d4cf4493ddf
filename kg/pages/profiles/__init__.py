"""Pages by the kind of a thing: actor, statement, event, claim, source, submission, and one for the rest."""
