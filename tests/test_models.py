"""The networks: padding never reaches a result, and the LSTM does what a packed one does."""

from __future__ import annotations

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from labsteps.models.cnn import CNN, layer_shapes
from labsteps.models.heads import Head, Model
from labsteps.models.lstm import LSTM, _reversal, _reversed
from labsteps.models.saved import Description, build, load_model, save_model

BANDS = 12
MEAN, DEVIATION = torch.full((BANDS,), -40.0), torch.full((BANDS,), 12.0)


def clips(*lengths: int, seed: int = 0, padding: float = -80.0, frames: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(seed)
    whole = [torch.rand(length, BANDS) * 80 - 80 for length in lengths]
    x = torch.full((len(lengths), max(frames, *lengths), BANDS), padding)
    for row, clip in zip(x, whole, strict=True):
        row[: len(clip)] = clip
    return x, torch.tensor(lengths)


BACKBONES = {
    "cnn": lambda: CNN(MEAN, DEVIATION, channels=4),
    "lstm": lambda: LSTM(MEAN, DEVIATION, hidden_size=6),
    "lstm both ways, two layers": lambda: LSTM(MEAN, DEVIATION, hidden_size=5, num_layers=2, bidirectional=True),
    "lstm of averaged frames": lambda: LSTM(MEAN, DEVIATION, hidden_size=6, bidirectional=True, frame_stride=3),
    "lstm with attention": lambda: LSTM(MEAN, DEVIATION, hidden_size=6, pooling="attention", bidirectional=True),
}


@pytest.mark.parametrize("name", BACKBONES)
@given(
    lengths=st.lists(st.integers(1, 50), min_size=1, max_size=4),
    more=st.integers(0, 40),
    padding=st.sampled_from([-80.0, 0.0, 1e4]),
)
@settings(max_examples=25, deadline=None)
def test_the_output_of_a_clip_does_not_depend_on_padding_or_its_neighbours(
    name: str, lengths: list[int], more: int, padding: float
) -> None:
    torch.manual_seed(1)
    model = BACKBONES[name]().eval()
    x, sizes = clips(*lengths, padding=padding, frames=max(lengths) + more)
    with torch.no_grad():
        together = model(x, sizes)
        alone = torch.cat([model(x[[i], :n], sizes[[i]]) for i, n in enumerate(lengths)])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", BACKBONES)
@pytest.mark.parametrize("frames", [11, 40])
def test_no_lengths_say_that_every_frame_is_real(name: str, frames: int) -> None:
    torch.manual_seed(1)
    model = BACKBONES[name]()
    x, sizes = clips(frames, frames, frames)
    for mode in (model.train(), model.eval()):
        torch.testing.assert_close(mode(x, None), mode(x, sizes), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", BACKBONES)
def test_a_forward_pass_reads_nothing_back_from_the_device(name: str) -> None:
    # The meta device has shapes and no numbers, so whoever asks it for one is refused, as a GPU would make them wait.
    model = BACKBONES[name]().to("meta")
    x, sizes = torch.empty(3, 40, BANDS, device="meta"), torch.empty(3, dtype=torch.int64, device="meta")
    assert model(x, None).shape == model(x, sizes).shape == (3, model.feature_size)


class Packed(nn.Module):
    """The same network on `pack_padded_sequence`, with the weights of ours."""

    def __init__(self, ours: LSTM, layers: int, bidirectional: bool) -> None:
        super().__init__()
        self.lstm = nn.LSTM(BANDS, 7, num_layers=layers, bidirectional=bidirectional, batch_first=True)
        self.attention = copy.deepcopy(ours.attention)
        self.pairs = [] if ours.attention is None else list(zip(ours.attention.parameters(),
                                                               self.attention.parameters(), strict=True))  # fmt: skip
        for layer in range(layers):
            for suffix, modules in (("", ours.forwards), ("_reverse", ours.backwards)):
                if suffix and not bidirectional:
                    continue
                for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                    mine = modules[layer].get_parameter(f"{kind}_l0")
                    packed = self.lstm.get_parameter(f"{kind}_l{layer}{suffix}")
                    packed.data.copy_(mine.data)
                    self.pairs.append((mine, packed))

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        states, (last, _) = self.lstm(packed)
        if self.attention is None:
            return torch.cat((last[-2], last[-1]), dim=1) if self.lstm.bidirectional else last[-1]
        unpacked, _ = pad_packed_sequence(states, batch_first=True)
        rows = [row[:n] for row, n in zip(unpacked, lengths.tolist(), strict=True)]
        return torch.stack([self.attention(row).softmax(dim=0).T.matmul(row)[0] for row in rows])


@pytest.mark.parametrize("pooling", ["last", "attention"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
def test_the_lstm_agrees_with_a_packed_one_in_outputs_and_gradients(
    layers: int, bidirectional: bool, pooling: str
) -> None:
    torch.manual_seed(0)
    ours = LSTM(
        torch.zeros(BANDS),
        torch.ones(BANDS),
        hidden_size=7,
        num_layers=layers,
        bidirectional=bidirectional,
        pooling=pooling,
    )
    theirs = Packed(ours, layers, bidirectional)
    x, lengths = clips(23, 5, 1, 17, frames=30)
    mine, packed = (((x / 40) + 1).requires_grad_() for _ in range(2))
    a, b = ours(mine, lengths), theirs(packed, lengths)
    torch.testing.assert_close(a, b, rtol=0, atol=1e-6)
    a.square().mean().backward()
    b.square().mean().backward()
    for one, other in ((mine, packed), *theirs.pairs):
        assert one.grad.abs().max() > 0
        torch.testing.assert_close(one.grad, other.grad, rtol=0, atol=1e-6)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5))
@settings(deadline=None, max_examples=30)
def test_reversing_inside_the_length_twice_changes_nothing(lengths: list[int]) -> None:
    x, sizes = clips(*lengths)
    reversal = _reversal(sizes, x.shape[1])
    once = _reversed(x, reversal)
    for row, before, n in zip(once, x, lengths, strict=True):
        torch.testing.assert_close(row[:n], before[:n].flip(0), rtol=0, atol=0)
        torch.testing.assert_close(row[n:], before[n:], rtol=0, atol=0)
    torch.testing.assert_close(_reversed(once, reversal), x, rtol=0, atol=0)


def test_each_layer_of_the_cnn_is_convolution_normalisation_relu_pooling() -> None:
    backbone = CNN(torch.zeros(128), torch.ones(128), channels=32)
    shapes = layer_shapes(backbone, 128, 1293)
    assert [s.shape for s in shapes] == [(32, 64, 646), (64, 32, 323), (128, 16, 161), (256, 8, 80)]
    assert [s.receptive_field for s in shapes] == [4, 10, 22, 46]
    assert [s.parameters for s in shapes] == [9 * a * b + 2 * b for a, b in ((1, 32), (32, 64), (64, 128), (128, 256))]
    names = [name for name, _ in backbone.layers[0].named_children()]
    assert names == ["convolution", "normalisation", "pooling"]
    assert backbone.feature_size == 512


def test_the_receptive_field_is_the_one_that_gradients_show() -> None:
    backbone = CNN(torch.zeros(96), torch.ones(96), channels=2).eval()
    for field, depth in zip((s.receptive_field for s in layer_shapes(backbone, 96, 96)), range(1, 5), strict=True):
        image = torch.rand(1, 1, 96, 96, requires_grad=True)
        deep = image
        for layer in backbone.layers[:depth]:
            deep = nn.functional.avg_pool2d(layer.convolution(deep), 2)  # every cell counts, unlike the maximum
        deep[0, :, deep.shape[2] // 2, deep.shape[3] // 2].sum().backward()
        seen = image.grad[0, 0].abs().sum(dim=0).nonzero()
        assert int(seen.max() - seen.min()) + 1 == field


def test_a_model_and_what_it_needs_survive_being_saved(tmp_path) -> None:
    about = Description("cnn", {"channels": 4, "kernel_size": 3}, 0.1, "mel", False, (0, BANDS), ("Blues", "Τζαζ"))
    model = build(about, MEAN, DEVIATION, seed=5).eval()
    save_model(tmp_path, about, model.state_dict())
    again, read = load_model(tmp_path)
    x, lengths = clips(30, 40)
    assert read == about
    with torch.no_grad():
        assert torch.equal(model(x, lengths), again(x, lengths))


def test_first_weights_follow_from_the_seed_alone() -> None:
    about = Description("lstm", {"hidden_size": 4}, 0.0, "mel", False, (0, BANDS), ("a", "b"))
    torch.manual_seed(99)
    one = build(about, MEAN, DEVIATION, seed=5).state_dict()
    torch.rand(17)
    two = build(about, MEAN, DEVIATION, seed=5).state_dict()
    other = build(about, MEAN, DEVIATION, seed=6).state_dict()
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert any(not torch.equal(one[name], other[name]) for name in one)


def test_a_model_gives_one_output_a_class() -> None:
    backbone = LSTM(MEAN, DEVIATION, hidden_size=4)
    x, lengths = clips(9, 4)
    assert Model(backbone, Head(backbone.feature_size, 3, 0.0))(x, lengths).shape == (2, 3)
