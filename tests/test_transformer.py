"""The AST: whole clips are heard, padding never is, and published weights give what they gave elsewhere."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from labsteps.errors import ParameterError
from labsteps.models import transformer
from labsteps.models.rollout import roll_out
from labsteps.models.transformer import AST, Grid, Size

BANDS = 20
MEAN, DEVIATION = torch.full((BANDS,), -40.0), torch.full((BANDS,), 12.0)


@pytest.fixture(autouse=True)
def small_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(transformer.SIZES, "mini", Size(16, 2, 2, 3))


def ast(bands: int = BANDS, **settings: object) -> AST:
    torch.manual_seed(1)
    chosen = {"model_size": "mini", "fstride": 10, "tstride": 10, "input_tdim": 44, "feature_size": 6, **settings}
    backbone = AST(MEAN[:1].expand(bands), DEVIATION[:1].expand(bands), **chosen).eval()
    with torch.no_grad():
        for parameter in backbone.parameters():  # large enough that what goes wrong shows
            parameter.mul_(5.0)
    return backbone


def clip(frames: int, bands: int = BANDS, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(1, frames, bands, generator=generator) * 80 - 80


@given(
    lengths=st.lists(st.integers(1, 130), min_size=1, max_size=4),
    more=st.integers(0, 60),
    padding=st.sampled_from([-80.0, 0.0, 1e4]),
    kernel=st.sampled_from(transformer.KERNELS),
)
@settings(max_examples=40, deadline=None)
def test_the_vector_of_a_clip_does_not_depend_on_padding_or_its_neighbours(
    lengths: list[int], more: int, padding: float, kernel: str
) -> None:
    backbone = ast()
    for block in backbone.v.blocks:
        block.attn.kernel = kernel
    clips = [clip(n, seed=i) for i, n in enumerate(lengths)]
    x = torch.full((len(clips), max(lengths) + more, BANDS), padding)
    for row, one in zip(x, clips, strict=True):
        row[: one.shape[1]] = one[0]
    with torch.no_grad():
        together = backbone(x, torch.tensor(lengths))
        alone = torch.cat([backbone(one, torch.tensor([one.shape[1]])) for one in clips])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("frames", [1, 15, 16, 17, 30, 44, 45, 100, 173])
@pytest.mark.parametrize("stride", [10, 16])
def test_every_frame_and_every_band_of_a_clip_is_heard(frames: int, stride: int) -> None:
    backbone = ast(fstride=stride, tstride=stride)
    x = clip(frames).requires_grad_()
    backbone(x, torch.tensor([frames])).square().sum().backward()
    assert x.grad is not None
    assert bool((x.grad[0].abs().sum(dim=1) > 0).all())
    assert bool((x.grad[0].abs().sum(dim=0) > 0).all())


@pytest.mark.parametrize("bands", [12, 16, 128, 140])
def test_any_number_of_feature_rows_is_covered(bands: int) -> None:
    backbone = ast(bands)
    assert backbone.grid.bands >= max(bands, 16) > backbone.grid.bands - 10
    assert backbone(clip(50, bands), torch.tensor([50])).shape == (1, 6)


def test_the_grid_is_that_of_the_paper() -> None:
    assert Grid.of(10, 10, 128, 1024) == Grid(10, 10, 12, 101)
    assert Grid.of(10, 10, 128, 1024).patches == 1212
    assert ast(128, input_fdim=128, input_tdim=1024).grid == Grid(10, 10, 12, 101)
    assert ast(128, fstride=16, tstride=16, input_tdim=256).grid == Grid(16, 16, 8, 16)


@given(frames=st.integers(1, 400), stride=st.integers(1, 16), window=st.integers(16, 90))
@settings(max_examples=60, deadline=None)
def test_windows_cover_a_clip_from_its_first_frame_to_its_last(frames: int, stride: int, window: int) -> None:
    backbone = ast(tstride=stride, input_tdim=window)
    windows = backbone.windows(clip(frames), torch.tensor([frames]))
    heard = torch.zeros(frames, dtype=torch.bool)
    for start, size in zip(windows.starts.tolist(), windows.sizes.tolist(), strict=True):
        assert start + size <= frames
        heard[start : start + size] = True
    assert bool(heard.all())
    assert windows.counts.tolist() == [-(-frames // backbone.window_frames)]


def test_a_long_clip_has_the_mean_of_its_windows_vectors() -> None:
    backbone = ast(tstride=14)
    x = clip(2 * backbone.window_frames)
    with torch.no_grad():
        whole = backbone(x, torch.tensor([x.shape[1]]))
        halves = [backbone(half, torch.tensor([half.shape[1]])) for half in x.chunk(2, dim=1)]
    torch.testing.assert_close(whole, torch.cat(halves).mean(dim=0, keepdim=True))


def test_many_windows_are_heard_in_pieces_and_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    backbone, x, lengths = ast(), clip(300).expand(3, -1, -1), torch.tensor([300, 90, 17])
    with torch.no_grad():
        at_once = backbone(x, lengths)
        monkeypatch.setattr(transformer, "TOKENS_AT_ONCE", 1)
        torch.testing.assert_close(backbone(x, lengths), at_once)


def test_patches_are_left_out_in_training_by_torchs_seed_and_never_in_evaluation() -> None:
    backbone, x, lengths = ast(patch_out=0.5), clip(44), torch.tensor([44])
    patches = backbone.grid.patches
    with torch.no_grad():
        assert backbone.tokens(x, lengths)[0].shape[1] == patches + 2
        evaluated = backbone(x, lengths)
        backbone.train()
        assert backbone.tokens(x, lengths)[0].shape[1] == round(patches / 2) + 2
        outputs = []
        for seed in (3, 3, 4):
            torch.manual_seed(seed)
            outputs.append(backbone(x, lengths))
    assert torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])
    assert not torch.equal(outputs[0], evaluated)


def test_patch_out_keeps_real_patches_before_padding() -> None:
    backbone = ast(patch_out=0.5).train()
    x = torch.cat((clip(44), clip(44, seed=1)))
    lengths = torch.tensor([44, 16])  # the second has one column of patches
    _, mask = backbone.tokens(x, lengths)
    assert mask is not None
    assert mask[1, 0, 0].sum() == 2 + backbone.grid.rows
    assert bool(mask[0].all())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"input_fdim": 16}, "input_fdim is 16, and the features have 20 rows"),
        ({"input_tdim": 15}, "input_tdim is 15"),
        ({"fstride": 17}, "fstride is 17"),
        ({"tstride": 0}, "tstride 0"),
        ({"patch_out": 1.0}, "patch_out is 1.0"),
        ({"model_size": "huge"}, "model_size cannot be 'huge'"),
    ],
)
def test_sizes_that_do_not_fit_are_refused_by_name(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        ast(**settings)


def test_both_ways_of_computing_attention_agree() -> None:
    backbone, x, lengths = ast(), clip(60).expand(2, -1, -1), torch.tensor([60, 33])
    with torch.no_grad():
        fused = backbone(x, lengths)
        for block in backbone.v.blocks:
            block.attn.kernel = "plain"
        torch.testing.assert_close(backbone(x, lengths), fused, rtol=1e-5, atol=1e-6)


def test_roll_out_is_one_where_all_patches_count_alike_and_follows_the_attention_where_not() -> None:
    backbone = ast()
    x = clip(90)[0]
    for block in backbone.v.blocks:  # without queries every token attends to all alike
        torch.nn.init.zeros_(block.attn.qkv.weight)
    torch.testing.assert_close(roll_out(backbone, x), torch.ones(90, BANDS), rtol=1e-4, atol=1e-4)
    assert roll_out(ast(), x).std() > 0.01


def test_roll_out_of_one_block_is_its_attention() -> None:
    transformer.SIZES["mini"] = Size(16, 1, 2, 3)
    backbone = ast(fstride=16, tstride=16, input_tdim=32)
    x = clip(32)
    with torch.no_grad():
        tokens, mask = backbone.tokens(backbone.windows(x, torch.tensor([32])).x, torch.tensor([32]))
        block = backbone.v.blocks[0]
        weights = block.attn.weights(block.norm1(tokens), mask).mean(dim=1)[0, :2, 2:].mean(dim=0)
    shares = (weights / weights.mean()).view(backbone.grid.rows, backbone.grid.columns)
    found = roll_out(backbone, x[0])
    for row in range(backbone.grid.rows):
        for column in range(backbone.grid.columns):
            cell = found[16 * column, 16 * row]
            torch.testing.assert_close(cell, shares[row, column], rtol=1e-4, atol=1e-5)


def test_a_step_on_whole_windows_reads_nothing_back_from_the_device() -> None:
    backbone = ast(patch_out=0.5).train().to("meta")
    x = clip(backbone.window_frames).to("meta")
    assert backbone(x, None).shape == (len(x), backbone.feature_size)


def test_no_lengths_say_that_every_frame_is_real() -> None:
    backbone = ast().eval()
    for frames in (20, backbone.window_frames, 3 * backbone.window_frames - 5):
        x = clip(frames)
        torch.testing.assert_close(backbone(x, None), backbone(x, torch.full((len(x),), frames)))
