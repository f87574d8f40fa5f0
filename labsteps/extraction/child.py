"""The process that touches audio: reads tasks line by line, answers each with a line, and may die of a file.

``python -m labsteps.extraction.child CACHE_FOLDER``.  A decoder that crashes or hangs takes this process with it and
nothing else; `guard` starts another.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import sys
from pathlib import Path
from typing import IO, Any

LISTENING, ANALYSING = "listening", "analysing"


def main(arguments: list[str]) -> int:
    """Work until the input ends."""
    from labsteps.features import numba_cache

    # Whatever a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    numba_cache.prepare(Path(arguments[0]), lambda text: _send(answers, say=text))
    for line in sys.stdin:
        task = json.loads(line)
        _send(answers, **_outcome(task, answers))
    return 0


def _outcome(task: dict[str, Any], answers: IO[str]) -> dict[str, Any]:
    from labsteps.errors import DataError

    try:
        return {"done": _extract(task, answers)}
    except DataError as error:
        return {"rejected": str(error)}
    except MemoryError:
        return {"rejected": "does not fit in memory"}
    except OSError as error:
        return {"failed": f"{error.filename or task['full']}: {error.strerror or error}"}
    except Exception as error:  # whatever a damaged file makes a decoder raise concerns this file alone
        return {"rejected": f"{type(error).__name__}: {error}"}


def _extract(task: dict[str, Any], answers: IO[str]) -> list[dict[str, Any]]:
    """Write the arrays of one track's clips; return id, place, frames and beats of each."""
    from labsteps.extraction.plan import CLIPS_AT_MOST
    from labsteps.extraction.segments import clips
    from labsteps.features.fused import fused

    _send(answers, phase=LISTENING)
    heard = clips(Path(task["path"]), task["choice"], task["seconds"])
    _send(answers, phase=ANALYSING)
    made = []
    for number, (start, y) in enumerate(heard):
        features = fused(y)
        clip = task["id"] * (CLIPS_AT_MOST + 1) + number if task["several"] else task["id"]
        for folder, array in ((task["full"], features.full), (task["beat"], features.beat)):
            _write(Path(folder) / f"{clip}.fused.full.npy", array)
        made.append(
            {"id": clip, "start": round(start, 3), "frames": features.full.shape[1], "beats": features.beat.shape[1]}
        )
    return made


def _write(path: Path, array: Any) -> None:
    """Write an array so that it is whole or not there."""
    import numpy as np

    # numpy writing to a file by itself loses the reason why it cannot
    data = io.BytesIO()
    np.save(data, array, allow_pickle=False)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with open(temporary, "wb") as file:
            file.write(data.getbuffer())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _send(answers: IO[str], **message: Any) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
