"""Which lines and branches of code ran in a test run."""

from pydantic import Field

from reconciler.model.frozen import Frozen


class Branch(Frozen):
    """A way through the code: the line it begins in, and how often it was taken."""

    line: int
    count: int


class FileCoverage(Frozen):
    """What ran of one file. `owner` is an action's name, or `modules/NAME`; `lines` are (number, how often it ran) of
    each line that holds code, `branches` each way through it. `whole`: every case of it ran."""

    owner: str
    file: str
    lines: tuple[tuple[int, int], ...] = ()
    branches: tuple[Branch, ...] = ()
    whole: bool = True

    @property
    def lines_hit(self) -> int:
        """How many lines ran."""
        return sum(count > 0 for _, count in self.lines)

    @property
    def branches_hit(self) -> int:
        """How many branches were taken."""
        return sum(branch.count > 0 for branch in self.branches)

    @property
    def uncovered(self) -> tuple[tuple[int, int], ...]:
        """First and last line of each stretch of code that did not run; what holds no code parts none."""
        stretches: list[list[int]] = []
        open_ = False
        for number, count in self.lines:
            if count:
                open_ = False
            elif open_:
                stretches[-1][1] = number
            else:
                stretches.append([number, number])
                open_ = True
        return tuple((first, last) for first, last in stretches)


class Thresholds(Frozen):
    """What of every file has to run, in percent; 0 asks for nothing."""

    lines: float = Field(default=0, ge=0, le=100)
    branches: float = Field(default=0, ge=0, le=100)
