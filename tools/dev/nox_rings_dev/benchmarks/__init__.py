"""What the sessions cost, as ratios to the same work without them: `nox -s bench`; docs/benchmarks.md has the figures.

    ratios.py      two rows of seconds → ratios, bound, table (pure)
    pairs.py       two commands, run alternately
    copies.py      throw-away copies of this work tree
    catalogue.py   the list of benchmarks; every other page is one of them, or what one is made of

No library does this. pyperf times one command in one block and compares the means of two blocks afterwards, so that
noise in one block becomes a difference; hyperfine does so too (https://github.com/sharkdp/hyperfine/issues/21), and
comes from no registry that we install from. Nothing is timed anywhere else: a bound on seconds fails on a busy
machine."""
