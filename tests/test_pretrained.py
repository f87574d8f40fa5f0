"""Published weights: files of other implementations load and give what they gave there; what does not fit is named."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from labsteps.errors import DataError
from labsteps.models import transformer
from labsteps.models.pretrained import fit_positions, put_into, read_published, to_bytes
from labsteps.models.transformer import AST, Grid, Size
from labsteps.models.weights_info import read_info

FIXTURE = Path(__file__).parent / "fixtures" / "ast_reference.safetensors"
TENSORS = load_file(FIXTURE)


@pytest.fixture(autouse=True)
def small_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(transformer.SIZES, "mini", Size(8, 2, 2, 3))


def weights_of(model: str, names: str = "saved") -> dict[str, Tensor]:
    prefix = f"{model}/weights/"
    weights = {name.removeprefix(prefix): tensor for name, tensor in TENSORS.items() if name.startswith(prefix)}
    if names == "in memory":
        with safe_open(FIXTURE, "pt") as file:
            new = json.loads(file.metadata()["in_memory"])[model]
        return {new[name]: tensor for name, tensor in weights.items()}
    return {f"{names}{name}": tensor for name, tensor in weights.items()} if names != "saved" else weights


def written(folder: Path, weights: dict[str, Any], kind: str = "safetensors") -> Path:
    path = folder / f"published.{kind}"
    if kind == "safetensors":
        save_file(weights, path)
    else:
        torch.save(weights, path)
    return path


def imported(path: Path) -> Path:
    target = path.with_name("imported.safetensors")
    target.write_bytes(to_bytes(read_published(path)))
    return target


def backbone(bands: int, **settings: Any) -> AST:
    torch.manual_seed(5)
    statistics = torch.zeros(bands), torch.full((bands,), transformer.INPUT_DEVIATION)  # so that nothing is rescaled
    return AST(*statistics, model_size="mini", **settings).eval()


def of_deit() -> AST:
    return backbone(48, fstride=16, tstride=16, input_tdim=48)


def tokens_of(model: AST, picture: Tensor) -> Tensor:
    """The class and the distillation token of a picture, whose rows are our bands and whose columns our frames."""
    heard: list[Tensor] = []
    model.v.norm.register_forward_hook(lambda _module, _given, found: heard.append(found))
    model(picture[:, 0].transpose(1, 2), torch.full((len(picture),), picture.shape[3]))
    return heard[0]


@pytest.mark.parametrize("names", ["saved", "in memory", "module."])
@pytest.mark.parametrize("kind", ["safetensors", "pth"])
def test_an_ast_of_transformers_gives_the_same_logits_here(names: str, kind: str, tmp_path: Path) -> None:
    if names == "module.":  # as the AST authors write it: our own names, inside DataParallel
        ours = read_published(written(tmp_path, weights_of("ast"))).weights
        path = written(tmp_path, {f"module.{name}": tensor for name, tensor in ours.items()}, kind)
    else:
        path = written(tmp_path, weights_of("ast", names), kind)
    model = backbone(128, fstride=10, tstride=10, input_fdim=128, input_tdim=36, feature_size=5)
    told = put_into(model, imported(path))
    x = TENSORS["ast/input"].float()
    with torch.no_grad():
        found = model(x, torch.full((len(x),), x.shape[1]))
    torch.testing.assert_close(found, TENSORS["ast/output"], rtol=0, atol=1e-5)
    assert told["fresh"] == [] and told["positions"] == "as they were"


@pytest.mark.parametrize("kernel", transformer.KERNELS)
@pytest.mark.parametrize(
    ("which", "names", "wrapped"),
    [
        ("deit", "saved", False),
        ("deit", "in memory", False),
        ("deit", "deit.", False),
        ("timm", "saved", True),
        ("timm", "v.", False),
    ],
)
def test_a_distilled_deit_gives_the_same_tokens_here_for_a_grey_picture(
    which: str, names: str, wrapped: bool, kernel: str, tmp_path: Path
) -> None:
    weights: Any = weights_of(which, names)
    path = written(tmp_path, {"model": weights} if wrapped else weights, "pth")
    model = of_deit()
    for block in model.v.blocks:
        block.attn.kernel = kernel
    told = put_into(model, imported(path))
    with torch.no_grad():
        found = tokens_of(model, TENSORS[f"{which}/input"].float())
    torch.testing.assert_close(found, TENSORS[f"{which}/output"], rtol=0, atol=1e-5)
    assert [name.rpartition(".")[0] for name in told["fresh"]] == [
        "mlp_head.0",
        "mlp_head.0",
        "mlp_head.1",
        "mlp_head.1",
    ]


def test_what_a_file_is_stands_in_the_file_that_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path, weights_of("timm"), "pth")
    published = read_published(path)
    assert published.unused == ("head.bias", "head.weight", "head_dist.bias", "head_dist.weight")
    info = read_info(imported(path))
    assert info == published.info
    assert (info.name, info.model_size, info.rows, info.columns) == ("published.pth", "mini", 3, 3)
    assert info.family == "DeiT, names of timm"
    assert read_info(imported(written(tmp_path, weights_of("ast")))).family == "AST, names of transformers"


def test_one_file_is_kept_as_the_same_bytes_each_time(tmp_path: Path) -> None:
    path = written(tmp_path, weights_of("timm"), "pth")
    once = imported(path).read_bytes()
    assert imported(path).read_bytes() == once


def test_position_embeddings_are_cut_from_the_middle_or_stretched() -> None:
    ramp = torch.arange(25.0).view(5, 5)  # value = 5 row + column
    positions = torch.cat((torch.tensor([-1.0, -2.0]), ramp.flatten())).view(1, 27, 1)
    smaller, what = fit_positions(positions, Grid(16, 16, 5, 5), Grid(16, 16, 2, 3))
    assert what == "columns cut from 5 to 3; rows cut from 5 to 2"
    assert smaller[0, :, 0].tolist() == [-1, -2, 6, 7, 8, 11, 12, 13]
    larger, what = fit_positions(positions, Grid(16, 16, 5, 5), Grid(16, 16, 5, 10))
    assert what == "columns stretched from 5 to 10"
    line = larger[0, 2:, 0].view(5, 10)[0]
    assert line[0] == 0 and line[-1] == 4
    torch.testing.assert_close(line[1:-1].diff(), torch.full((7,), 0.5))
    same, what = fit_positions(positions, Grid(16, 16, 5, 5), Grid(10, 10, 5, 5))
    assert torch.equal(same, positions) and what == "as they were"


def test_weights_of_another_patch_grid_are_used(tmp_path: Path) -> None:
    model = backbone(128, fstride=10, tstride=10, input_tdim=100)
    told = put_into(model, imported(written(tmp_path, weights_of("deit"))))
    assert told["positions"] == f"columns stretched from 3 to 9; rows stretched from 3 to {model.grid.rows}"
    assert torch.equal(model.v.cls_token, TENSORS["deit/weights/embeddings.cls_token"].float())


def test_three_colours_become_one_by_adding(tmp_path: Path) -> None:
    weights = read_published(written(tmp_path, weights_of("timm"))).weights
    torch.testing.assert_close(
        weights["v.patch_embed.proj.weight"][:, 0], weights_of("timm")["patch_embed.proj.weight"].float().sum(dim=1)
    )


class Foreign:
    """Would run code when it is read back."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return Path.touch, (Path("owned"),)


@pytest.mark.parametrize("name", ["patch_embed.proj.weight", "blocks.1.mlp.fc2.bias", "norm.weight"])
def test_a_missing_tensor_is_named(name: str, tmp_path: Path) -> None:
    weights = weights_of("timm")
    del weights[name]
    with pytest.raises(DataError, match=f"is not a whole mini: v.{name} is missing"):
        read_published(written(tmp_path, weights))


def test_a_tensor_of_another_shape_and_one_that_is_not_finite_are_named(tmp_path: Path) -> None:
    weights = weights_of("timm")
    weights["blocks.0.attn.proj.weight"] = torch.zeros(8, 9)
    weights["norm.bias"] = torch.full((8,), float("nan"))
    with pytest.raises(DataError) as refused:
        read_published(written(tmp_path, weights))
    assert refused.value.problems == (
        "v.blocks.0.attn.proj.weight is (8, 9), and should be (8, 8)",
        "v.norm.bias is not finite",
    )


def test_other_files_are_refused_with_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read: No such file"):
        read_published(tmp_path / "nowhere.pth")
    for text in ("not a checkpoint", "root:x:0:0", "", "\0" * 8 + "{"):
        (tmp_path / "text.pth").write_text(text)
        with pytest.raises(DataError) as refused:
            read_published(tmp_path / "text.pth")
        kind = "a safetensors file that is damaged" if text.endswith("{") else "no file of weights: a safetensors"
        assert str(refused.value).startswith(f"{tmp_path / 'text.pth'}: is {kind}")
    with pytest.raises(DataError) as refused:
        read_published(written(tmp_path, {"model": Foreign()}, "pth"))
    assert re.search(r"holds more than tensors \([\w.]+\), and nothing else is read", str(refused.value))
    assert not any(word in str(refused.value) for word in ("\x1b", "weights_only", "torch.load", "\n"))
    assert not Path("owned").exists()
    with pytest.raises(DataError, match="no known names"):
        read_published(written(tmp_path, {"fc.weight": torch.zeros(3)}))
    plain = weights_of("timm")
    del plain["dist_token"]
    with pytest.raises(DataError, match="has a class token only: take the distilled model"):
        read_published(written(tmp_path, plain))
    one = weights_of("timm")
    one["pos_embed"] = torch.zeros(1, 2 + 7, 8)
    with pytest.raises(DataError, match="position embeddings for 7 patches"):
        read_published(written(tmp_path, one))


@pytest.mark.parametrize("name", ["dist_token", "pos_embed", "patch_embed.proj.weight"])
def test_a_tensor_of_other_axes_is_refused_in_words(name: str, tmp_path: Path) -> None:
    weights = weights_of("timm")
    weights[name] = torch.zeros(8)
    with pytest.raises(DataError, match=rf"v\.{name} is \(8,\), and should have"):
        read_published(written(tmp_path, weights))


def test_an_unknown_size_is_refused_with_the_known_ones(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delitem(transformer.SIZES, "mini")
    with pytest.raises(DataError, match="has 2 blocks of width 8; the known sizes are tiny224 192 × 12"):
        read_published(written(tmp_path, weights_of("timm")))


def test_weights_of_another_size_are_not_put_into_a_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = imported(written(tmp_path, weights_of("timm")))
    monkeypatch.setitem(transformer.SIZES, "wide", Size(16, 2, 2, 3))
    model = AST(torch.zeros(48), torch.ones(48), model_size="wide", input_tdim=48)
    before = [parameter.clone() for parameter in model.parameters()]
    with pytest.raises(DataError, match=r"are of mini and do not fit this model: v\.cls_token is"):
        put_into(model, kept)
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


def test_a_damaged_file_of_weights_is_named(tmp_path: Path) -> None:
    kept = imported(written(tmp_path, weights_of("timm")))
    kept.write_bytes(kept.read_bytes()[:-10])
    with pytest.raises(DataError, match=r"imported\.safetensors cannot be read"):
        put_into(of_deit(), kept)
    kept.write_bytes(b"\x05")
    with pytest.raises(DataError, match="is not a whole file of imported weights"):
        read_info(kept)


def test_published_names_are_those_of_the_backbone() -> None:
    model: nn.Module = of_deit()
    names = set(model.state_dict())
    assert {"v.cls_token", "v.dist_token", "v.pos_embed", "v.blocks.1.attn.qkv.weight", "mlp_head.0.weight"} <= names
