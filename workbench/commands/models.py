"""``models``: published weights that the transformer can begin with."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from labsteps.errors import UsageError
from workbench.commands.narrate import narrator
from workbench.commands.output import wants_json
from workbench.commands.telling import Teller
from workbench.exits import Exit
from workbench.plots.text import printable
from workbench.runner.weights import FILES, HUB, Stored, keep, stored_weights
from workbench.speaking import said, told
from workbench.store.places import weights_dir


def run_models(options: argparse.Namespace) -> int:
    """Run ``models list``, ``trained``, ``import``, ``fetch`` or ``export``."""
    if options.verb == "trained":
        return _trained(options)
    if options.verb == "export":
        return _export(options)
    if options.verb == "import":
        return _import(options, options.file.expanduser().absolute())
    if options.verb == "fetch":
        return _fetch(options)
    return _list(options)


def _list(options: argparse.Namespace) -> int:
    here = stored_weights()
    if wants_json(options):
        print(json.dumps({"format": 1, "models": [_as_json(one) for one in here]}, ensure_ascii=False, indent=1))
        return Exit.DONE
    for one in here:
        info = one.info
        grid = f"{info.rows} × {info.columns} patches"
        size = f"{one.size / 1e6:.1f} MB"
        print(printable(f"{one.short}  {info.model_size:<9} {grid:<17} {size:>9}  {info.family}  {info.name}"))
    if not here:
        print(told("no published weights are here; `models fetch SIZE` or `models import FILE` brings some"))
    return Exit.DONE


def _trained(options: argparse.Namespace) -> int:
    """Print the trained models of the session, as `predict` and `models export` take their names."""
    from workbench.commands.choose import open_existing
    from workbench.runner.trained import trained_models

    session = open_existing(options)
    models = trained_models(session)
    if wants_json(options):
        rows = [
            {
                "name": one.name,
                "part": one.part,
                "section": one.section,
                "run": one.run,
                "tells": "genre" if one.tells_genre else "emotion",
                "outputs": list(one.outputs),
                "score": one.score,
                "score_by_axis": dict(one.by_axis),
            }
            for one in models
        ]
        print(json.dumps({"format": 1, "session": session.name, "models": rows}, ensure_ascii=False, indent=1))
        return Exit.DONE
    for one in models:
        tells = "genre" if one.tells_genre else ", ".join(one.outputs)
        score = said(one.told_score() or "not validated")
        print(printable(f"{one.name:<18} {tells:<30} {score}  {said(f'run {one.run}')}"))
    if not models:
        print(told(f"session {session.name} has no trained model; a run of 7.1e, for instance, makes one"))
    return Exit.DONE


def _import(options: argparse.Namespace, path: Path) -> int:
    from labsteps.models.pretrained import read_published, to_bytes

    published = read_published(path)
    stored = keep(to_bytes(published))
    info, tensors = published.info, published.weights
    numbers = sum(tensor.numel() for tensor in tensors.values())
    if wants_json(options):
        report = {"used": sorted(tensors), "unused": list(published.unused), "parameters": numbers}
        print(json.dumps({"format": 1, **_as_json(stored), **report}, ensure_ascii=False, indent=1))
        return Exit.DONE
    lines = [
        f"{info.name}: {info.family}, {info.model_size}, position embeddings of {info.rows} × {info.columns} patches",
        f"used: {len(tensors)} tensors, {numbers / 1e6:.2f} M parameters",
        f"not used: {', '.join(published.unused) or 'nothing was left over'}",
        "each run cuts or stretches the position embeddings to its own patch grid",
        f"kept as {stored.short} in {stored.path.parent}",
        f"a run begins with it by: --set imagenet_pretrain=true --set model_size={info.model_size}",
    ]
    for line in lines:
        print(told(line))
    return Exit.DONE


def _export(options: argparse.Namespace) -> int:
    from labsteps.models.saved import packed
    from workbench.commands.choose import open_existing
    from workbench.runner.trained import choice_told, find_models
    from workbench.store.atomic import write_file

    target = options.file.expanduser().absolute()
    if target.is_file() and target.suffix != ".safetensors":
        raise UsageError(f"{target} is there already, and its name is not that of a model; give one in .safetensors.")
    models = find_models(open_existing(options), options.model)
    found = models[0]
    if choice := choice_told(models):
        print(told(choice), file=sys.stderr)
    write_file(target, packed(found.folder))
    if wants_json(options):
        report = {"file": str(target), "model": found.title, "outputs": list(found.outputs)}
        print(json.dumps({"format": 1, **report}, ensure_ascii=False, indent=1))
    else:
        print(printable(f"{found.title}: {target}"))
    return Exit.DONE


def _fetch(options: argparse.Namespace) -> int:
    from workbench.runner.download import checksum_in_name, download, remove

    url = f"{(options.source or HUB).rstrip('/')}/{FILES[options.size]}"
    say = narrator(options)
    say.line(f"downloading {url}")
    otherwise = (
        f"Without a connection: download {url} elsewhere, and bring the file in with: python -m workbench models "
        "import FILE"
    )
    path = download(url, weights_dir() / "downloads", Teller(say), checksum=checksum_in_name(url), otherwise=otherwise)
    code = _import(options, path)
    remove(path)
    return code


def _as_json(one: Stored) -> dict[str, Any]:
    info = one.info
    return {
        "sha256": one.digest,
        "file": str(one.path),
        "bytes": one.size,
        "name": info.name,
        "source_sha256": info.source,
        "family": info.family,
        "model_size": info.model_size,
        "patches": [info.rows, info.columns],
    }
