"""Asserts that work takes linear time, by how much longer it takes on a text of twice the length."""

import gc
from collections.abc import Callable
from time import thread_time

SIZE = 8000
NOISE = 0.004
"""Seconds that no linear work on SIZE characters takes, and all quadratic work does."""
UNDISTURBED = 0.2
"""Seconds of work that other programs do not make look longer by half."""
MOST_GROWTH = 3.0
"""By which the time may grow when the length doubles: linear work grows twofold, quadratic fourfold."""


def seconds(work: Callable[[str], object], text: str) -> float:
    """Return the shortest of three times, of this thread alone."""
    times = []
    for _ in range(3):
        began = thread_time()
        work(text)
        times.append(thread_time() - began)
    return min(times)


def is_linear(work: Callable[[str], object], make: Callable[[int], str], size: int = SIZE) -> bool:
    """Return whether work on the texts that ``make`` gives by their size takes linear time.

    Work that is quick even at the greatest size is; else the time must not grow threefold over a doubling. A
    doubling that is short enough to be disturbed by other programs is tried again with longer texts.
    """
    text = make(size)
    began = thread_time()
    work(text)
    if thread_time() - began < NOISE:
        return True
    gc.disable()
    try:
        for large in (size, 2 * size, 4 * size):
            taken = seconds(work, make(large))
            if taken < MOST_GROWTH * seconds(work, make(large // 2)):
                return True
            if taken > UNDISTURBED:
                return False
    finally:
        gc.enable()
    return False
