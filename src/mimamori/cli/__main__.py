"""`python -m mimamori.cli`: the same as `mimamori`."""

from mimamori.cli.entry import main

if __name__ == "__main__":
    main()
