"""Background tasks run beside everything else, and are cancelled together."""

import asyncio

from kg.query.readers.background import BackgroundTasks


def test_tasks_run_and_those_that_have_not_ended_are_cancelled() -> None:
    events: list[str] = []

    async def work(seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
            events.append("ended")
        except asyncio.CancelledError:
            events.append("cancelled")
            raise

    async def main() -> None:
        tasks = BackgroundTasks()
        await tasks.start(work(0))
        endless = tasks.start(work(60))
        await asyncio.sleep(0)
        await tasks.cancel()
        assert endless.cancelled()

    asyncio.run(main())
    assert events == ["ended", "cancelled"]
