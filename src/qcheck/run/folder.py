"""The folder of a run: what is done, what is under way, and that nobody else writes there."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from qcheck.errors import QcheckError

MANIFEST = "manifest.json"
_WORK = ".qcheck"


class RunFolder:
    """The folder that a run writes to.

    Args:
        out: The folder; made if it is not there.
        key: The key of the run's settings.
        overwrite: Remove what another run left, instead of refusing.

    Raises:
        QcheckError: It holds something else, or another run is at work there.
    """

    def __init__(self, out: Path, key: str, *, overwrite: bool) -> None:
        self.out, self.work = out, out / _WORK
        fresh = not self.work.exists()
        try:
            self.work.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise QcheckError(f"{out} cannot be made: {error.strerror}") from None
        self._lock = (self.work / "lock").open("w")
        try:
            self._take_lock()
            self._make_ready(key, overwrite=overwrite)
        except BaseException:
            self._lock.close()
            if fresh:  # a folder that is refused is left as it was
                shutil.rmtree(self.work, ignore_errors=True)
            raise

    def _make_ready(self, key: str, *, overwrite: bool) -> None:
        out, old = self.out, self._old_key()
        if old is None and self._is_foreign():
            raise QcheckError(f"{out} holds files that no run of qcheck wrote: choose another folder")
        if old not in (key, None):
            if not overwrite:
                what = f"{out} holds the results of other settings or rules"
                raise QcheckError(f"{what}: choose another folder, or --overwrite to remove them")
            self._clear()
        self._done = self._read_manifest()
        shutil.rmtree(self.tmp, ignore_errors=True)
        for folder in (self.tmp, self._done_folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._write(self.work / "run.json", {"key": key})

    @property
    def tmp(self) -> Path:
        """Where files stand until they are whole."""
        return self.work / "tmp"

    @property
    def _done_folder(self) -> Path:
        return self.work / "done"

    def parts(self, shard: int) -> Path:
        """Where the part files of a shard stand."""
        folder = self.work / "parts" / str(shard)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def done(self, key: str) -> dict[str, Any] | None:
        """What is known of a finished shard, if its outputs are still there."""
        found = _json(self._done_folder / f"{key}.json") or self._done.get(key)
        if not found:
            return None
        whole = all(_size(self.out / output["path"]) == output["bytes"] for output in found["outputs"])
        return found if whole else None

    def finish_shard(self, shard: int, key: str, about: dict[str, Any]) -> None:
        """Remember a shard whose outputs are in their places."""
        self._write(self._done_folder / f"{key}.json", about)
        shutil.rmtree(self.work / "parts" / str(shard), ignore_errors=True)

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest and remove everything that only an unfinished run needs."""
        self._remove_strays({output["path"] for shard in manifest["shards"] for output in shard["outputs"]})
        self._write(self.out / MANIFEST, manifest)
        self._lock.close()
        shutil.rmtree(self.work, ignore_errors=True)

    def leave(self) -> None:
        """Let go of a run that did not finish."""
        self._lock.close()

    def _remove_strays(self, outputs: set[str]) -> None:
        """Remove what a former run made of files that have gone since, or that read differently now."""
        marks = [found for path in self._done_folder.glob("*.json") if (found := _json(path))]
        for shard in (*self._done.values(), *marks):
            for output in shard["outputs"]:
                if output["path"] not in outputs:
                    (self.out / output["path"]).unlink(missing_ok=True)

    def _take_lock(self) -> None:
        try:
            import fcntl
        except ImportError:  # Windows: two runs into one folder are not told apart
            return
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise QcheckError(f"another run is at work in {self.out}") from None

    def _old_key(self) -> str | None:
        state = _json(self.work / "run.json") or _json(self.out / MANIFEST) or {}
        key: str | None = state.get("key")
        return key

    def _is_foreign(self) -> bool:
        return any(path.name not in (_WORK,) for path in self.out.iterdir())

    def _clear(self) -> None:
        """Remove the outputs of the run before; files that no run wrote are left, and refused again."""
        manifest = _json(self.out / MANIFEST) or {}
        listed = [output["path"] for shard in manifest.get("shards", []) for output in shard["outputs"]]
        for mark in self._done_folder.glob("*.json"):
            listed += [output["path"] for output in (_json(mark) or {}).get("outputs", [])]
        for path in (*listed, MANIFEST):
            (self.out / path).unlink(missing_ok=True)
        for name in ("parts", "done", "tmp"):
            shutil.rmtree(self.work / name, ignore_errors=True)
        for folder in sorted((path for path in self.out.rglob("*") if path.is_dir()), reverse=True):
            with suppress(OSError):
                folder.rmdir()  # those that are empty now
        self.work.mkdir(exist_ok=True)
        if self._is_foreign():
            raise QcheckError(f"{self.out} holds files that no run of qcheck wrote: choose another folder")

    def _read_manifest(self) -> dict[str, dict[str, Any]]:
        manifest = _json(self.out / MANIFEST) or {}
        return {shard["key"]: shard for shard in manifest.get("shards", [])}

    def _write(self, path: Path, value: Any) -> None:
        beside = self.tmp / path.name  # not among the outputs, where a kill would leave it
        with beside.open("w", encoding="utf-8") as stream:
            json.dump(value, stream, ensure_ascii=True, indent=1)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)


def _json(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
