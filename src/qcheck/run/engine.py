"""The run itself: batches out, parts back in order, shards finished one after another."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qcheck.errors import QcheckError
from qcheck.run.folder import RunFolder
from qcheck.run.outputs import ShardOutputs, text_codec
from qcheck.run.parts import Part, digest, load
from qcheck.run.plan import Shard, contents_of, key_of
from qcheck.run.pool import BrokenProcessPool, Pool
from qcheck.run.tally import Tally
from qcheck.run.work import Worker
from qcheck.sources import Batch, Batches, Unreadable, formats, reading
from qcheck.sources.extras import MissingExtraError
from qcheck.sources.opening import opened, size_of
from qcheck.sources.text import file_batches

_COMPLAINTS = 20
# Batches under way for each worker: one being checked, one waiting, one coming back.
_AHEAD = 3


@dataclass(slots=True)
class _Pending:
    """One step of a shard that waits for its turn.

    Attributes:
        state: The shard it belongs to.
        batch: What is being checked; ``None`` for a step without work.
        path: Where its part will stand.
        future: The work, unless the part stood there already.
        part: The part, if it is known.
        position: Bytes of the file that were read up to here.
        last: Whether the shard ends here.
    """

    state: _ShardState
    batch: Batch | None = None
    path: Path = Path()
    future: Future[Part | None] | None = None
    part: Part | None = None
    position: int = 0
    last: bool = False


@dataclass(slots=True)
class _ShardState:
    shard: Shard
    key: str
    codec: str = ""
    outputs: ShardOutputs | None = None
    tally: Tally = field(default_factory=Tally)
    position: int = 0


@dataclass
class Engine:
    """One run.

    Attributes:
        run: The key of its settings.
        worker: What is done with a batch.
        folder: Where outputs go.
        workers: Processes.
        advance: Told of bytes read and of the tally, for a progress bar.
        complain: Told of the first records that are quarantined.
    """

    run: str
    worker: Worker
    folder: RunFolder
    workers: int
    advance: Callable[[int, Tally], None]
    complain: Callable[[str, str], None]
    tally: Tally = field(default_factory=Tally)
    resumed: int = 0
    _complaints: int = 0
    _writing: list[ShardOutputs] = field(default_factory=list)

    def go(self, shards: list[Shard]) -> list[dict[str, Any]]:
        """Do all shards; what each came to, for the manifest.

        Raises:
            OSError: An output cannot be written; what is done stays done.
            KeyboardInterrupt: Likewise.
        """
        self._pool = Pool(self.worker, self.workers)
        waiting: deque[_Pending] = deque()
        ahead = _AHEAD * self.workers if self.workers > 1 else 0
        self._results: dict[int, dict[str, Any]] = {}
        try:
            for pending in self._steps(shards):
                waiting.append(pending)
                while len(waiting) > ahead or (waiting and waiting[0].batch is None):
                    self._take(waiting.popleft())
            while waiting:
                self._take(waiting.popleft())
        finally:
            self._pool.close()
            for outputs in self._writing:
                outputs.discard()
        return [self._results[shard.index] for shard in shards]

    def _steps(self, shards: list[Shard]) -> Iterator[_Pending]:
        for shard in shards:
            contents = contents_of(shard)
            key = key_of([self.run, shard.name, shard.file.name, contents])
            if contents and (done := self.folder.done(key)):
                self._known(shard, done)
                continue
            state = _ShardState(shard, key)
            yield from self._shard(state)
            yield _Pending(state, last=True)

    def _known(self, shard: Shard, done: dict[str, Any]) -> None:
        """Take a shard that an earlier run finished."""
        self._results[shard.index] = done
        self.tally.add(done["counts"])
        self.resumed += 1
        self.advance(size_of(shard.file), self.tally)

    def _shard(self, state: _ShardState) -> Iterator[_Pending]:
        shard, options = state.shard, self.worker.options
        if shard.texts:
            yield from self._submitted(state, file_batches(shard.texts, shard.file, options), lambda: 0)
            return
        try:
            with opened(shard.file) as source:

                def position() -> int:
                    state.codec = source.codec
                    return source.position()

                yield from self._submitted(state, reading.batches(source, options), position)
        except (OSError, MissingExtraError) as error:
            yield _Pending(state, part=self.worker.refused([reading.unreadable(shard.file, error)]))

    def _submitted(self, state: _ShardState, batches: Batches, position: Callable[[], int]) -> Iterator[_Pending]:
        folder, number = self.folder.parts(state.shard.index), -1
        for number, batch in enumerate(batches):
            at = position()
            if isinstance(batch, Unreadable):
                yield _Pending(state, part=self.worker.refused([batch]), position=at)
                continue
            codec = self._codec(state)
            path = folder / f"{number}-{digest(self.run, batch, codec)}.part"
            known = load(path)
            future = None if known else self._pool.submit(batch, path, codec)
            yield _Pending(state, batch, path, future, known, at)
        if number < 0:  # an empty file of records gives an empty file of records
            yield _Pending(
                state, part=self.worker.part(Batch(state.shard.file, "jsonl", 1, 0, (b"",))), position=position()
            )

    def _codec(self, state: _ShardState) -> str:
        return text_codec(self.worker.wanted.compression, state.codec)

    def _take(self, pending: _Pending) -> None:
        state = pending.state
        if pending.last:
            self._finish(state)
            return
        part = pending.part or self._result(pending)
        if state.outputs is None:
            folder, shard = self.folder, state.shard
            tmp = folder.tmp / str(shard.index)
            state.outputs = ShardOutputs(folder.out, tmp, shard.name, state.codec, self.worker.wanted.compression)
            self._writing = [state.outputs]  # parts come shard by shard
        state.outputs.add(part)
        state.tally.add(part.counts)
        self.tally.add(part.counts)
        for place, reason in part.complaints[: _COMPLAINTS - self._complaints]:
            self.complain(place, reason)
            self._complaints += 1
        self.advance(pending.position - state.position, self.tally)
        state.position = pending.position

    def _result(self, pending: _Pending) -> Part:
        """The part of a batch; a batch that kills its worker twice is quarantined."""
        assert pending.future is not None
        assert pending.batch is not None
        for future in (pending.future, None):
            try:
                done = (future or self._pool.submit(pending.batch, pending.path, self._codec(pending.state))).result()
            except (BrokenProcessPool, CancelledError):
                self._pool.restart()
                continue
            if part := done or load(pending.path):
                return part
            raise QcheckError(f"{pending.path} was written and cannot be read: is something else removing files?")
        return self.worker.refused(self._deadly(pending.batch))

    def _deadly(self, batch: Batch) -> Iterator[Unreadable]:
        for record in formats.parse(batch, self.worker.options):
            raw = getattr(record, "raw", None) or getattr(record, "text", "").encode("utf-8", "surrogatepass")
            why = "a worker process died twice on the batch that this record is in"
            yield Unreadable(record.id, why, record.file, record.number, None, raw)

    def _finish(self, state: _ShardState) -> None:
        shard = state.shard
        made = state.outputs.finish() if state.outputs else []
        about = {
            "source": shard.file.name,
            "key": state.key,
            "counts": state.tally.to_dict(),
            "outputs": made,
        }
        self.folder.finish_shard(shard.index, state.key, about)
        self._results[shard.index] = about
