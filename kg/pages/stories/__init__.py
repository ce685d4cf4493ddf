"""Pages that arrange records to be read: the duet of two actors, the threat ledger, the gesture card."""
