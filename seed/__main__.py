"""`python -m seed demo | reference | areas FILE | points FILE | departments FILE | accounts FILE | admin USERNAME | bulk |
generate-areas`; `--help` explains each."""

import sys

from seed.commands import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
