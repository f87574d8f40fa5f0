"""Published weights of the DeiT and AST family, brought into the names and shapes of `labsteps.models.transformer`.

Three ways of naming are known: that of timm and of the AST authors' own files, and the two that transformers writes.
A picture's three colour channels become one by adding their weights, which is what a grey picture would have given;
the AST authors' code does the same, where their paper speaks of an average.

References
----------
Gong, Chung and Glass, "AST: Audio Spectrogram Transformer", Interspeech 2021, arXiv 2104.01778, section 2.2.
"""

from __future__ import annotations

import hashlib
import math
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save
from torch import Tensor
from torch.nn import functional

from labsteps.errors import DataError
from labsteps.models.transformer import AST, PATCH, SIZES, SPECIAL, Grid, Transformer
from labsteps.models.weights_info import WeightsInfo, read_info

AST_ROWS = 12  # patches over the 128 mel bands of the AST authors' models, one each 10 bands
_WRAPPINGS = ("model", "state_dict", "model_state_dict")
_OTHER_NAMES = (
    (r"(?:(?:deit|audio_spectrogram_transformer)\.)?embeddings\.cls_token", "v.cls_token"),
    (r"(?:(?:deit|audio_spectrogram_transformer)\.)?embeddings\.distillation_token", "v.dist_token"),
    (r"(?:(?:deit|audio_spectrogram_transformer)\.)?embeddings\.position_embeddings", "v.pos_embed"),
    (
        r"(?:(?:deit|audio_spectrogram_transformer)\.)?embeddings\.patch_embeddings\.projection\.(\w+)",
        r"v.patch_embed.proj.\1",
    ),
    (r"(?:(?:deit|audio_spectrogram_transformer)\.)?layernorm\.(\w+)", r"v.norm.\1"),
    (r"classifier\.layernorm\.(\w+)", r"mlp_head.0.\1"),
    (r"classifier\.dense\.(\w+)", r"mlp_head.1.\1"),
)
_BLOCK = re.compile(
    r"(?:(?:deit|audio_spectrogram_transformer)\.)?(?:encoder\.layer|layers)\.(\d+)\.(.+)\.(weight|bias)"
)
_IN_BLOCK = {
    "layernorm_before": "norm1",
    "layernorm_after": "norm2",
    "attention.output.dense": "attn.proj",
    "attention.o_proj": "attn.proj",
    "intermediate.dense": "mlp.fc1",
    "mlp.fc1": "mlp.fc1",
    "output.dense": "mlp.fc2",
    "mlp.fc2": "mlp.fc2",
    **{f"attention.attention.{word}": f"attn.{word[0]}" for word in ("query", "key", "value")},
    **{f"attention.{letter}_proj": f"attn.{letter}" for letter in "qkv"},
}
# How torch names what a checkpoint holds besides tensors.
_FOREIGN = re.compile(r"GLOBAL ([\w.]+) was not an allowed global")
_OURS = ("cls_token", "dist_token", "pos_embed", "patch_embed.proj.", "blocks.", "norm.")


@dataclass(frozen=True, eq=False)
class Published:
    """Weights in our names.

    Attributes
    ----------
    weights
        Name → tensor, float32; the patch embedding has one channel.
    info
        What they are.
    unused
        Names of the file that have no place here, such as the classes of ImageNet.
    """

    weights: Mapping[str, Tensor]
    info: WeightsInfo
    unused: tuple[str, ...]


def read_published(path: Path) -> Published:
    """Read a DeiT or AST checkpoint, ``.pth`` or safetensors.

    Raises
    ------
    DataError
        If the file cannot be read safely, or is no whole model of the family.
    """
    found = _read(path)
    tensors, unused = _rename(found)
    if "v.dist_token" not in tensors:
        hint = "it has a class token only: take the distilled model" if "v.cls_token" in tensors else "no known names"
        raise DataError(
            f"{path} is not a distilled DeiT or an AST ({hint}). Its tensors begin with "
            f"{', '.join(sorted(found)[:3]) or 'nothing'}."
        )
    for name, axes in (("v.dist_token", 3), ("v.pos_embed", 3), ("v.patch_embed.proj.weight", 4)):
        if name in tensors and tensors[name].ndim != axes:
            shape = tuple(tensors[name].shape)
            raise DataError(f"{path} is no DeiT or AST: {name} is {shape}, and should have {axes} axes.")
    if "v.pos_embed" not in tensors:
        raise DataError(f"{path} is not a whole DeiT or AST: v.pos_embed is missing.")
    colours = tensors["v.patch_embed.proj.weight"].shape[1] if "v.patch_embed.proj.weight" in tensors else 0
    family = "AST" if colours == 1 else "DeiT"
    rows, columns = _grid(path, tensors["v.pos_embed"].shape[1] - SPECIAL, family)
    model_size = _model_size(path, tensors, rows)
    if colours == 3:
        weight = tensors["v.patch_embed.proj.weight"]
        tensors["v.patch_embed.proj.weight"] = weight.sum(dim=1, keepdim=True)  # (D, 1, 16, 16)
    _check(path, tensors, model_size, rows * columns)
    names = (
        "timm"
        if any(name.removeprefix("module.").startswith(("v.", "cls_token")) for name in found)
        else "transformers"
    )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    info = WeightsInfo(path.name, digest, f"{family}, names of {names}", model_size, rows, columns)
    return Published({name: tensor.contiguous() for name, tensor in sorted(tensors.items())}, info, tuple(unused))


def to_bytes(published: Published) -> bytes:
    """Return the weights and what they are as the content of a safetensors file; equal weights give equal bytes."""
    return save(dict(published.weights), published.info.to_metadata())


def put_into(backbone: AST, path: Path) -> dict[str, Any]:
    """Make imported weights the first weights of a backbone.

    Parameters
    ----------
    backbone
        Of the same width and depth; its patch grid may be another one.
    path
        A file of what `to_bytes` gave.

    Returns
    -------
    dict
        What was done, as plain data: the file's name, how many tensors were used, what became of the position
        embeddings, and what began afresh.

    Raises
    ------
    DataError
        If the file is damaged or the sizes differ.
    """
    info = read_info(path)
    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as error:
        raise DataError(f"{path} cannot be read: {error}. Import the weights again.") from error
    before = Grid(PATCH, PATCH, info.rows, info.columns)
    weights["v.pos_embed"], what = fit_positions(weights["v.pos_embed"], before, backbone.grid)
    own = backbone.state_dict()
    fitting = {name: tensor for name, tensor in weights.items() if name in own and own[name].shape == tensor.shape}
    lacking = [name for name in own if name.startswith("v.") and name not in fitting]
    if lacking:
        raise DataError(
            f"The weights of {info.name} are of {info.model_size} and do not fit this model: {lacking[0]} is "
            f"{tuple(own[lacking[0]].shape)} here. Choose model_size={info.model_size}, or other weights."
        )
    backbone.load_state_dict(fitting, strict=False)
    fresh = [name for name in own if name not in fitting and not name.startswith("standardise.")]
    return {"name": info.name, "model_size": info.model_size, "used": len(fitting), "positions": what, "fresh": fresh}


def fit_positions(positions: Tensor, before: Grid, after: Grid) -> tuple[Tensor, str]:
    """Bring position embeddings to another patch grid: each axis is cut from its middle, or stretched linearly.

    Parameters
    ----------
    positions : Tensor [shape=(1, 2 + before.patches, D)]
        The two own tokens first, then the patches row by row.

    Returns
    -------
    Tensor [shape=(1, 2 + after.patches, D)]
    str
        What was done, in words.
    """
    special, patches = positions[:, :SPECIAL], positions[:, SPECIAL:]
    image = patches.transpose(1, 2).unflatten(2, (before.rows, before.columns))  # (1, D, rows, columns)
    done = []
    for axis, name, old, new in ((3, "columns", before.columns, after.columns), (2, "rows", before.rows, after.rows)):
        if new < old:
            image = image.narrow(axis, old // 2 - new // 2, new)
            done.append(f"{name} cut from {old} to {new}")
        elif new > old:
            size = (image.shape[2], new) if axis == 3 else (new, image.shape[3])
            image = functional.interpolate(image, size=size, mode="bilinear")
            done.append(f"{name} stretched from {old} to {new}")
    return torch.cat((special, image.flatten(2).transpose(1, 2)), dim=1), "; ".join(done) or "as they were"


def _read(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a checkpoint by name; nothing but tensors and plain containers is ever made of a file."""
    try:
        with path.open("rb") as file:
            start = file.read(9)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        if start[8:] == b"{":
            with safe_open(path, "pt") as tensors:
                found: Any = {name: tensors.get_tensor(name) for name in tensors.keys()}  # noqa: SIM118 (not a dict)
        else:
            with warnings.catch_warnings(action="ignore"):  # torch's advice to its own users
                found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a foreign file does to its reader, it is the file's fault
        raise DataError(f"{path}: {_reason(start, str(error))}") from error
    while isinstance(found, Mapping):
        inner = next((found[name] for name in _WRAPPINGS if isinstance(found.get(name), Mapping)), None)
        if inner is None:
            break
        found = inner
    if not isinstance(found, Mapping):
        raise DataError(f"{path} holds a {type(found).__name__}; weights by their names are needed.")
    return {str(name): tensor for name, tensor in found.items() if isinstance(tensor, Tensor)}


def _reason(start: bytes, error: str) -> str:
    """Return why a file cannot be read, in our words: what torch writes is advice to programmers.

    Parameters
    ----------
    start
        The first 9 bytes of the file.
    error
        What its reader wrote.
    """
    if start[8:] == b"{":
        return "is a safetensors file that is damaged or cut short; bring it here again."
    foreign = _FOREIGN.search(error)
    if foreign:
        return (
            f"holds more than tensors ({foreign.group(1)}), and nothing else is read from a file; save the model's "
            "state_dict() alone, or take its safetensors file."
        )
    return "is no file of weights: a safetensors file, or a .pth checkpoint of tensors alone, is needed."


def _rename(found: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], list[str]]:
    """Return the tensors under our names, and the names that have no place here."""
    named: dict[str, Tensor] = {}
    unused = []
    for name, tensor in found.items():
        ours = _our_name(name.removeprefix("module."))
        if ours is None:
            unused.append(name)
        else:
            named[ours] = tensor.detach().float()
    for name in [name for name in named if ".attn.q." in name]:
        parts = [name.replace(".attn.q.", f".attn.{letter}.") for letter in "qkv"]
        if all(part in named for part in parts):
            named[name.replace(".attn.q.", ".attn.qkv.")] = torch.cat([named.pop(part) for part in parts])
    return named, sorted(unused)


def _our_name(name: str) -> str | None:
    if name.startswith("mlp_head."):
        return name
    bare = name.removeprefix("v.")
    if bare.startswith(_OURS):
        return f"v.{bare}"
    block = _BLOCK.fullmatch(name)
    if block:
        number, inside, kind = block.groups()
        return f"v.blocks.{number}.{_IN_BLOCK[inside]}.{kind}" if inside in _IN_BLOCK else None
    for pattern, ours in _OTHER_NAMES:
        if match := re.fullmatch(pattern, name):
            return match.expand(ours)
    return None


def _grid(path: Path, patches: int, family: str) -> tuple[int, int]:
    """Return rows and columns of the patches that position embeddings stand for."""
    side = math.isqrt(max(0, patches))
    if family == "AST" and patches > 0 and patches % AST_ROWS == 0:
        return AST_ROWS, patches // AST_ROWS
    if side > 0 and side * side == patches:
        return side, side
    raise DataError(
        f"{path} has position embeddings for {patches} patches, which are neither a square nor {AST_ROWS} rows."
    )


def _model_size(path: Path, tensors: Mapping[str, Tensor], rows: int) -> str:
    width = tensors["v.dist_token"].shape[-1]
    depth = len({name.split(".")[2] for name in tensors if name.startswith("v.blocks.")})
    fitting = [name for name, size in SIZES.items() if (size.width, size.depth) == (width, depth)]
    if not fitting:
        known = ", ".join(f"{name} {size.width} × {size.depth}" for name, size in SIZES.items())
        raise DataError(f"{path} has {depth} blocks of width {width}; the known sizes are {known}.")
    # base224 and base384 are one model; the AST authors began with the one for larger pictures.
    return next((name for name in fitting if SIZES[name].side == rows), fitting[-1])


def _check(path: Path, tensors: Mapping[str, Tensor], model_size: str, patches: int) -> None:
    """Refuse what lacks a tensor or has one of another shape, naming all of them."""
    with torch.device("meta"):
        expected = {
            f"v.{name}": tuple(t.shape) for name, t in Transformer(SIZES[model_size], patches).state_dict().items()
        }
    problems = [f"{name} is missing" for name in expected if name not in tensors]
    problems += [
        f"{name} is {tuple(tensors[name].shape)}, and should be {shape}"
        for name, shape in expected.items()
        if name in tensors and tuple(tensors[name].shape) != shape
    ]
    problems += [f"{name} is not finite" for name, tensor in tensors.items() if not bool(torch.isfinite(tensor).all())]
    if problems:
        raise DataError(f"{path} is not a whole {model_size}: {problems[0]}", problems)
