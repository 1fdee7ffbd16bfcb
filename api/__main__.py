"""`python -m api`: the same as the command `taktstock`."""

from api.cli.main import main

if __name__ == "__main__":
    main()
