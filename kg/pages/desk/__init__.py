"""The reviewer's desk: an article, drafts of rows proposed from it, and a verdict beside each."""
