"""Two machines over git: the repository, the working files and the merge of the two."""
