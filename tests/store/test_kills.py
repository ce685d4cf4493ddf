"""A real server, killed at any moment under load: a few rounds of tests/bench/faults.py."""

from pathlib import Path

from tests.bench.faults import Trial


def test_a_server_killed_at_any_moment_loses_nothing_acknowledged_and_leaves_nothing_half(
    tmp_path: Path,
) -> None:
    """First while it makes its data directory, then under load, then in a large import."""
    with Trial(tmp_path / "data", seed=7, clients=3, imported=4000) as trial:
        trial.kill_at_start(1.0)
        assert trial.round(0.5)["acknowledged"] > 0
        trial.round(0.3, importing=True)
