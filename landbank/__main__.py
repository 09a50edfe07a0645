"""`python -m landbank` is `landbank`."""

from landbank.cli.main import run

if __name__ == "__main__":
    run()
