"""The vectors that a trained model makes of the test tracks: which models, how they are stored and read again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from labsteps.context import Context, EarlierRun
from labsteps.errors import DataError, PrerequisiteError
from labsteps.steps.fitting import OWN_PARAMETERS, read_state
from labsteps.steps.s06_evaluation import TRAINED_BY

FOLDER, INDEX_FILE = "latent", "latent/models.json"
VECTORS_FILE, LABELS_FILE = "vectors.safetensors", "labels.csv"
TENSORS_FILE, METADATA_FILE, PROJECTOR_FILE = "tensors.tsv", "metadata.tsv", "projector_config.pbtxt"
WORST = "worst_lstm"
# What stands for each step, with the parts (and sections of their runs) that hold its trained models.
FAMILIES = {
    "lstm": ("5", "LSTM", tuple(TRAINED_BY.values())),
    "cnn": ("7.1", "CNN", (("7.1ε", ""), ("7.1β", ""))),
    "ast": ("7.2", "AST", (("7.2β", ""),)),
}
# A part that reports the model of another one has none of its own.
_TAKES_MODEL_OF = {"7.1ε": "7.1β"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trained model of the session.

    Attributes
    ----------
    family
        A key of `FAMILIES`.
    source
        Its run; the folder is that of the section that holds the model.
    section
        Name of that section, empty for the run itself.
    validation_macro_f1
        Of the weights that were kept, on the validation part.
    """

    family: str
    source: EarlierRun
    section: str
    validation_macro_f1: float


@dataclass(frozen=True, eq=False)
class Latent:
    """A model's vectors of the test tracks.

    Attributes
    ----------
    key, title
        As values and files, and as tables call the model.
    ids : np.ndarray [shape=(N,), dtype=int64]
        Track ids.
    codes, predicted : np.ndarray [shape=(N,), dtype=int64]
        True class, and the class that the model's output layer says.
    classes
        Names in the order of the codes.
    vectors : np.ndarray [shape=(N, D), dtype=float32]
        What the output layer is given.
    trained_on
        Ids of the tracks that the model was trained on; empty where 11α did not store them.
    """

    key: str
    title: str
    ids: np.ndarray
    codes: np.ndarray
    predicted: np.ndarray
    classes: tuple[str, ...]
    vectors: np.ndarray
    trained_on: frozenset[int] = frozenset()

    @property
    def labels(self) -> tuple[str, ...]:
        """Name of each track's class."""
        return tuple(self.classes[code] for code in self.codes)

    @property
    def said(self) -> tuple[str, ...]:
        """Name of the class that the model gave each track."""
        return tuple(self.classes[code] for code in self.predicted)


def candidates(context: Context) -> list[Candidate]:
    """Return the newest trained models of steps 5, 7.1 and 7.2, each once, those that validate best first."""
    found: dict[str, Candidate] = {}
    for family, (_, _, places) in FAMILIES.items():
        for part, section in places:
            source = context.earlier(part)
            holder = _holder(context, source) if source is not None else None
            if holder is None:
                continue
            inside = replace(holder, folder=holder.folder / section)
            score = read_state(inside.folder).best_row.get("validation_macro_f1")
            if score is not None:
                found.setdefault(str(inside.folder), Candidate(family, inside, section, float(score)))
    return sorted(found.values(), key=lambda one: -one.validation_macro_f1)


def _holder(context: Context, source: EarlierRun) -> EarlierRun | None:
    """Return the run that holds the model that a run reports."""
    taken_from = _TAKES_MODEL_OF.get(source.part)
    if taken_from is None or (source.folder / "checkpoints" / "best").exists():
        return source
    same = {name: value for name, value in source.parameters.items() if name not in OWN_PARAMETERS}
    return context.earlier(taken_from, parameters=same, seed=source.seed)


def choose(found: Sequence[Candidate]) -> dict[str, Candidate]:
    """Return the best model of each step and the worst of step 5, by macro-F1 on the validation part.

    Parameters
    ----------
    found
        As `candidates` returns them: the best first.
    """
    chosen: dict[str, Candidate] = {}
    for one in found:
        chosen.setdefault(one.family, one)
    of_step_5 = [one for one in found if one.family == "lstm"]
    if len(of_step_5) > 1:
        chosen[WORST] = of_step_5[-1]
    order = [*FAMILIES, WORST]
    return dict(sorted(chosen.items(), key=lambda item: order.index(item[0])))


def write_latent(context: Context, latent: Latent) -> None:
    """Store a model's vectors with their labels, for us and for TensorBoard's projector."""
    from safetensors.numpy import save

    place = f"{FOLDER}/{latent.key}"
    context.write_artifact(f"{place}/{VECTORS_FILE}", save({"vectors": np.ascontiguousarray(latent.vectors)}))
    rows = list(zip(latent.ids.tolist(), latent.labels, latent.said, strict=True))
    context.write_artifact(f"{place}/{LABELS_FILE}", _written(rows, ","))
    context.write_artifact(f"{place}/{METADATA_FILE}", _written(rows, "\t"))
    buffer = io.StringIO()
    np.savetxt(buffer, latent.vectors, fmt="%.7g", delimiter="\t")
    context.write_artifact(f"{place}/{TENSORS_FILE}", buffer.getvalue().encode())


def write_index(context: Context, latents: Sequence[Latent]) -> None:
    """Store which models there are, and the file by which TensorBoard finds them."""
    stored = [
        {"key": one.key, "title": one.title, "classes": list(one.classes), "trained_on": sorted(one.trained_on)}
        for one in latents
    ]
    text = json.dumps({"format": 1, "models": stored}, ensure_ascii=False) + "\n"
    context.write_artifact(INDEX_FILE, text.encode())
    entries = [
        f'embeddings {{\n  tensor_name: "{one.title}"\n  tensor_shape: {len(one.ids)}\n'
        f"  tensor_shape: {one.vectors.shape[1]}\n"
        f'  tensor_path: "{one.key}/{TENSORS_FILE}"\n  metadata_path: "{one.key}/{METADATA_FILE}"\n}}\n'
        for one in latents
    ]
    context.write_artifact(f"{FOLDER}/{PROJECTOR_FILE}", "".join(entries).encode())


def read_latents(context: Context) -> tuple[dict[str, Latent], EarlierRun]:
    """Return the vectors that the newest finished 11α has stored, by key, and its run.

    Raises
    ------
    PrerequisiteError
        If there is no such run.
    DataError
        If a file of it cannot be read.
    """
    source = context.earlier("11α")
    if source is None:
        raise PrerequisiteError("11α has no finished run on these data; run it first.")
    context.emit("uses", part=source.part, run=source.run_id)
    path = source.folder / INDEX_FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))["models"]
        latents = {}
        for one in stored:
            path = source.folder / FOLDER / one["key"]
            found = _read(source, one["key"], one["title"], tuple(one["classes"]))
            latents[one["key"]] = replace(found, trained_on=frozenset(one.get("trained_on", ())))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise DataError(f"{path} cannot be read: {error!r}. Run 11α again with --force.") from error
    return latents, source


def _read(source: EarlierRun, key: str, title: str, classes: tuple[str, ...]) -> Latent:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    folder = source.folder / FOLDER / key
    try:
        vectors = load_file(folder / VECTORS_FILE)["vectors"]
    except SafetensorError as error:
        raise ValueError(str(error)) from error
    with (folder / LABELS_FILE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    code = {name: number for number, name in enumerate(classes)}
    table = np.array([(int(row[0]), code[row[1]], code[row[2]]) for row in rows], np.int64).reshape(-1, 3)
    if len(table) != len(vectors):
        raise ValueError(f"{len(vectors)} vectors and {len(table)} labels")
    return Latent(key, title, table[:, 0], table[:, 1], table[:, 2], classes, vectors)


def _written(rows: Sequence[tuple[int, str, str]], delimiter: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["id", "class", "predicted"])
    writer.writerows(rows)
    return text.getvalue().encode()
