"""Many clients of ``money`` at once, killed now and then, and going on where they died."""

import math
import random
import time

from tests.faults.processes import ROOT, Program

SEED = 20261122
KILLED_AFTER = 80     # steps of one life, at most: time would kill those that only just begin
LOOKS_SECONDS = 0.1


def prepare(house, folder):
    """Give the people of a house something to claim."""
    program = Program(("tests.faults.money_people",), house.environment(), folder / "people.log")
    program.start()
    assert program.ended_well(60), program.said()[-3000:].decode(errors="replace")


def walk_through(house, folder, clients, steps, *, root=ROOT, killed_after=KILLED_AFTER):
    """Let all clients walk; (how many steps they took, how many kills they met).

    :param steps: of each client.
    :param root: where their program is.
    :param killed_after: steps of one life, at most; None for never.
    """
    dice = random.Random(SEED)
    walkers = [Walker(house, folder, root, number, steps) for number in range(clients)]
    lives = {walker: life_of(dice, killed_after) for walker in walkers}
    killed = 0
    for walker in walkers:
        walker.go_on()
    while any([walker.is_walking() for walker in walkers]):
        time.sleep(dice.random() * LOOKS_SECONDS)     # not always between two steps
        for walker in walkers:
            if walker.has_walked(lives[walker]) and walker.die():
                lives[walker] = life_of(dice, killed_after)
                killed += 1
    return sum(walker.steps for walker in walkers), killed


def life_of(dice, longest):
    """How many steps a client takes before it is killed."""
    return dice.randint(1, longest) if longest else math.inf


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

    def has_walked(self, steps):
        """Whether it took so many steps since it was started."""
        return bool(self.program) and len(self.program.said().split()) >= steps

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
