"""What the operator's own checks complain about, in one process: to start one takes longer than
they do.

``python -m tests.faults.complaints 'audit verify' …`` with the house's environment.
"""

import sys

from webapp import create_app


def main(commands):
    """Run ``flask`` commands; what each says that ends badly goes to standard output."""
    runner = create_app().test_cli_runner()
    for command in commands:
        done = runner.invoke(args=command.split())
        if done.exit_code:
            sys.stdout.write(done.output or f"{command}: {done.exception!r}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
