"""Stories: pages that arrange records for reading: the duet of two actors, threat ledger, gesture card."""
