"""A change on its way in: parsing, submissions, edits, updates, retraction, quarantine, releases."""
