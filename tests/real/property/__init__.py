"""Random edits over two small workspaces: what a run leaves fresh must be what a build from nothing makes.

model.py        a workspace on disk, its runs, and what they left
members.py      the files of a workspace of npm, Python and Go members
schema.py       the files of a workspace of a schema with plugins of its own and two SDKs
edits/          the kinds of edits, each a function of a tree and a source of random numbers
trial.py        sequences of edits, compared with a build from nothing; failures are shrunk"""
