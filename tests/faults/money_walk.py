"""Many clients of ``money`` at once, killed now and then, and going on where they died."""

import random
import time

from tests.faults.processes import ROOT, Program

SEED, KILL_SECONDS = 20261122, 1.5


def prepare(house, folder):
    """Give the people of a house something to claim."""
    program = Program(("tests.faults.money_people",), house.environment(), folder / "people.log")
    program.start()
    assert program.ended_well(60), program.said()[-3000:].decode(errors="replace")


def walk_through(house, folder, clients, steps, *, root=ROOT, kill_every=KILL_SECONDS):
    """Let all clients walk; (how many steps they took, how many kills they met).

    :param steps: of each client.
    :param root: where their program is.
    :param kill_every: seconds; None for never.
    """
    dice, killed = random.Random(SEED), 0
    walkers = [Walker(house, folder, root, number, steps) for number in range(clients)]
    for walker in walkers:
        walker.go_on()
    while any([walker.is_walking() for walker in walkers]):
        time.sleep(kill_every or 0.1)
        if kill_every:
            killed += dice.choice(walkers).die()
    return sum(walker.steps for walker in walkers), killed


class Walker:
    """One client, that goes on where it was killed."""

    def __init__(self, house, folder, root, number, steps):
        self.house, self.folder, self.root = house, folder, root
        self.log, self.left, self.next = folder / f"walker-{number}.log", steps, 0
        self.steps, self.program = 0, None

    def go_on(self):
        """Walk what is left."""
        self.program = Program(
            ("tests.faults.money", str(SEED), str(self.next), str(self.left), str(self.folder)),
            self.house.environment(PYTHONPATH=str(self.root)), self.log, self.root).start()

    def die(self):
        """SIGKILL, if it walks: whether it did."""
        if self.program is None or self.program.is_over():
            return False
        self.program.kill()
        return True

    def is_walking(self):
        """Whether there is more to do; starts again where it died."""
        if self.program is None:
            return False
        if self.program.is_over():
            self._count()
            self.program = None
            if self.left > 0:
                self.go_on()
        return True

    def _count(self):
        said = self.program.said().split()
        numbers = [int(word) for word in said if word.isdigit()]
        assert len(numbers) == len(said), self.program.said()[-3000:].decode(errors="replace")
        self.steps += len(numbers)
        self.left -= len(numbers)
        self.next = max([self.next, *(number + 1 for number in numbers)])
