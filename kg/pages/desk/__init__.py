"""The reviewer's desk: an article, the draft rows proposed from it, and the verdict on each."""
