"""`python3 -m clearinghouse.upkeep`."""

from clearinghouse.upkeep.program import run

if __name__ == "__main__":
    run()
