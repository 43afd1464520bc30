#!/usr/bin/env python3
"""The training step of models/nano in plain eager PyTorch on the CPU, to compare Hadal's trainer with.

The same model (but for the indexers, which dense attention does not use), losses and optimisers as a dense stage of a
recipe, all in float32: hyper-connections, low-rank queries, one key-value head with a sliding window and compressed
entries, hash and scored routing, the MTP block, Muon and AdamW. Attention is dense under masks; a row of the batch is a
document, filled up to the longest (quicker), or a pack of documents.

    apt-get install python3-torch python3-numpy libopenblas0-openmp
    python3 bench/compare/train_torch.py                 speed: median over the steps after three to warm up
    python3 bench/compare/train_torch.py --model FOLDER --ids 0,17,4 --logits FILE
                                                         the losses of a checkpoint in F32, and how far its logits are
                                                         from those of `hadal logits FOLDER --qat off`

ATEN_CPU_CAPABILITY=avx512 lets PyTorch's own kernels use AVX-512. OpenBLAS chooses its kernels by itself, unless
OPENBLAS_CORETYPE is set. Hadal's side: speed.yaml beside this file.
"""
import argparse
import ctypes
import json
import math
import re
import struct
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

HERE = Path(__file__).resolve().parent


class Batch:
    """Rows of documents, end to end, with the masks and places that keep documents apart."""

    def __init__(self, rows, c):
        width = max(sum(len(ids) for ids, _ in row) for row in rows)
        self.ids = torch.zeros(len(rows), width, dtype=torch.long)
        self.position = torch.zeros_like(self.ids)
        self.document = torch.full_like(self.ids, -1)  # what fills up a row belongs to none
        learnt = torch.zeros_like(self.ids, dtype=torch.bool)
        for r, row in enumerate(rows):
            at = 0
            for d, (ids, learn) in enumerate(row):
                to = slice(at, at + len(ids))
                self.ids[r, to], learnt[r, to], self.document[r, to] = ids, learn, d
                self.position[r, to] = torch.arange(len(ids))
                at += len(ids)
        self.tokens = int((self.document >= 0).sum())
        self.heads = [self.targets(learnt, ahead) for ahead in (1, 2)]
        same = self.document[:, :, None] == self.document[:, None, :]
        distance = self.position[:, :, None] - self.position[:, None, :]
        window = same & (distance >= 0) & (distance < c.sliding_window)
        self.compressed = {ratio: self.blocks(ratio) for ratio in set(c.compress_ratios) - {0}}
        self.masks = {0: additive(window)}
        for ratio, blocks in self.compressed.items():
            self.masks[ratio] = additive(torch.cat([window, blocks.visible], 2))
        self.turns = {r: rope_table(c, r, width)[self.position.flatten()] for r in set(c.compress_ratios)}
        for ratio, blocks in self.compressed.items():
            blocks.turn = rope_table(c, ratio, width)[blocks.start.flatten()]

    def targets(self, learnt, ahead):
        """Rows whose token `ahead` places later is learnt, and those tokens."""
        later = self.document[:, ahead:] == self.document[:, :-ahead]
        rows = F.pad(later & learnt[:, ahead:], (0, ahead)).flatten().nonzero()[:, 0]
        return rows, self.ids.flatten()[rows + ahead]

    def blocks(self, ratio):
        """The complete blocks of every row: their tokens, and who sees them; all rows padded to the most blocks."""
        ends = (self.position % ratio == ratio - 1) & (self.document >= 0)
        last = torch.zeros(len(ends), int(ends.sum(1).max()), dtype=torch.long)
        real = torch.zeros_like(last, dtype=torch.bool)
        for r, row in enumerate(ends):
            found = row.nonzero()[:, 0]
            last[r, : len(found)], real[r, : len(found)] = found, True
        start = (self.position.gather(1, last) - ratio + 1).clamp(min=0)
        first_row = torch.arange(len(ends))[:, None] * ends.size(1) + last - ratio + 1
        own = (first_row[:, :, None] + torch.arange(ratio)).clamp(min=0)
        document = self.document.gather(1, last)
        visible = (
            real[:, None, :]
            & (self.document[:, :, None] == document[:, None, :])
            & (self.position[:, :, None] >= start[:, None, :] + ratio - 1)
        )
        previous = (own - ratio).clamp(min=0)
        return SimpleNamespace(
            own=own.flatten(0, 1), previous=previous.flatten(0, 1), start=start, visible=visible,
            opens=(start == 0).flatten())


def additive(mask):
    return torch.zeros(mask.shape).masked_fill(~mask, -math.inf)


def rope_table(c, ratio, length):
    """Rotations e^(i angle) `[length, pairs]`; compressed blocks have their own base and YaRN."""
    dim = c.qk_rope_head_dim
    base = c.compress_rope_theta if ratio else c.rope_theta
    i = torch.arange(0, dim, 2, dtype=torch.float64)
    f = 1 / (base ** (i / dim)).float()
    if ratio:
        y = SimpleNamespace(**c.rope_scaling)
        edge = lambda turns: dim * math.log(y.original_max_position_embeddings / (2 * math.pi * turns)) / (
            2 * math.log(base))
        low, high = max(math.floor(edge(y.beta_fast)), 0), min(math.ceil(edge(y.beta_slow)), dim - 1)
        ramp = ((torch.arange(dim // 2) - low) / max(high - low, 0.001)).clamp(0, 1)
        f = f / y.factor * ramp + f * (1 - ramp)
    angle = torch.arange(length).float()[:, None] * f
    return torch.polar(torch.ones_like(angle), angle)


def rotate(x, turn):
    """Rotates the last components, in neighbouring pairs."""
    plain, pairs = x.split([x.size(-1) - 2 * turn.size(-1), 2 * turn.size(-1)], -1)
    turned = torch.view_as_complex(pairs.unflatten(-1, (-1, 2)).contiguous()) * turn
    return torch.cat([plain, torch.view_as_real(turned).flatten(-2)], -1)


def linear(cols, rows):
    return nn.Linear(cols, rows, bias=False)


class RMSNorm(nn.Module):
    def __init__(self, dim, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(dim)), eps

    def forward(self, x):
        return self.weight * unit(x, self.eps)


def unit(x, eps):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + eps)


class Hyper(nn.Module):
    """Hyper-connections: how a sublayer reads the streams and writes to them; without, one stream and a plain sum."""

    def __init__(self, c, reads_only):
        super().__init__()
        self.s, self.c, self.reads_only = c.hc_mult, c, reads_only
        outs = self.s if reads_only else (2 + self.s) * self.s
        if self.s > 1:
            self.fn = nn.Parameter(torch.randn(outs, self.s * c.hidden_size) * 0.02)
            base = torch.zeros(outs)
            if not reads_only:
                base[2 * self.s:] = 4 * torch.eye(self.s).flatten()
            self.base = nn.Parameter(base)
            self.scale = nn.Parameter(torch.full((1 if reads_only else 3,), 0.1))

    def read(self, streams):
        """The input `[n, d]` of streams `[n, s, d]`, and what `write` needs."""
        if self.s == 1:
            return streams[:, 0], None
        s, eps = self.s, self.c.hc_eps
        z = streams.flatten(1)
        m = F.linear(z, self.fn) * torch.rsqrt(z.square().mean(1, keepdim=True) + self.c.rms_norm_eps)
        pre = torch.sigmoid(m[:, :s] * self.scale[0] + self.base[:s]) + eps
        x = (pre[:, None] @ streams)[:, 0]
        if self.reads_only:
            return x, None
        post = 2 * torch.sigmoid(m[:, s: 2 * s] * self.scale[1] + self.base[s: 2 * s])
        comb = (m[:, 2 * s:] * self.scale[2] + self.base[2 * s:]).view(-1, s, s).softmax(2) + eps
        comb = comb / (comb.sum(1, keepdim=True) + eps)
        for _ in range(self.c.hc_sinkhorn_iters - 1):
            comb = comb / (comb.sum(2, keepdim=True) + eps)
            comb = comb / (comb.sum(1, keepdim=True) + eps)
        return x, (post, comb)

    def write(self, y, streams, how):
        if self.s == 1:
            return streams + y[:, None]
        post, comb = how
        return post[:, :, None] * y[:, None] + comb.transpose(1, 2) @ streams


class Compressor(nn.Module):
    def __init__(self, c, ratio):
        super().__init__()
        self.overlaps = ratio == 4
        width = c.head_dim * (2 if self.overlaps else 1)
        self.wkv, self.wgate = linear(c.hidden_size, width), linear(c.hidden_size, width)
        self.ape = nn.Parameter(torch.zeros(ratio, width))
        self.norm = RMSNorm(c.head_dim, c.rms_norm_eps)

    def forward(self, u, blocks):
        v, g = self.wkv(u), self.wgate(u)
        # F.embedding gathers rows.
        if self.overlaps:
            (va, vb), (ga, gb), (pa, pb) = v.chunk(2, 1), g.chunk(2, 1), self.ape.chunk(2, 1)
            before = (F.embedding(blocks.previous, ga) + pa).masked_fill(blocks.opens[:, None, None], -math.inf)
            gates = torch.cat([before, F.embedding(blocks.own, gb) + pb], 1)
            values = torch.cat([F.embedding(blocks.previous, va), F.embedding(blocks.own, vb)], 1)
        else:
            gates, values = F.embedding(blocks.own, g) + self.ape, F.embedding(blocks.own, v)
        return rotate(self.norm((gates.softmax(1) * values).sum(1)), blocks.turn)


class Attention(nn.Module):
    def __init__(self, c, ratio):
        super().__init__()
        self.c, self.ratio = c, ratio
        wide = c.num_attention_heads * c.head_dim
        self.wq_a, self.wq_b = linear(c.hidden_size, c.q_lora_rank), linear(c.q_lora_rank, wide)
        self.wkv = linear(c.hidden_size, c.head_dim)
        self.wo_a = linear(wide // c.o_groups, c.o_groups * c.o_lora_rank)
        self.wo_b = linear(c.o_groups * c.o_lora_rank, c.hidden_size)
        self.q_norm, self.kv_norm = RMSNorm(c.q_lora_rank, c.rms_norm_eps), RMSNorm(c.head_dim, c.rms_norm_eps)
        self.attn_sink = nn.Parameter(torch.zeros(c.num_attention_heads))
        if ratio:
            self.compressor = Compressor(c, ratio)

    def forward(self, u, batch):
        c, (b, t) = self.c, batch.ids.shape
        h, d = c.num_attention_heads, c.head_dim
        turn = batch.turns[self.ratio]
        q = unit(self.wq_b(self.q_norm(self.wq_a(u))).view(-1, h, d), c.rms_norm_eps)
        q = rotate(q, turn[:, None]) * d**-0.5
        kv = rotate(self.kv_norm(self.wkv(u)), turn).view(b, t, d)
        if self.ratio and batch.compressed[self.ratio].own.size(0):
            kv = torch.cat([kv, self.compressor(u, batch.compressed[self.ratio]).view(b, -1, d)], 1)
        scores = (q.view(b, t * h, d) @ kv.transpose(1, 2)).view(b, t, h, -1)
        scores = scores + batch.masks[self.ratio][:, :, None]
        p = torch.cat([scores, self.attn_sink[:, None].expand(b, t, h, 1)], 3).softmax(3)
        # The sink takes a share and has no value.
        o = (p.view(b, t * h, -1) @ F.pad(kv, (0, 0, 0, 1))).view(-1, h, d)
        o = rotate(o, turn.conj()[:, None]).view(b * t, c.o_groups, -1)
        a = torch.einsum("ngi,gri->ngr", o, self.wo_a.weight.view(c.o_groups, c.o_lora_rank, -1))
        return self.wo_b(a.flatten(1))


class Expert(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.limit = c.swiglu_limit
        self.w1, self.w3 = (linear(c.hidden_size, c.moe_intermediate_size) for _ in range(2))
        self.w2 = linear(c.moe_intermediate_size, c.hidden_size)

    def forward(self, u, weight=None):
        hidden = F.silu(self.w1(u).clamp(max=self.limit)) * self.w3(u).clamp(-self.limit, self.limit)
        return self.w2(hidden if weight is None else weight * hidden)


class Mixture(nn.Module):
    def __init__(self, c, hashed):
        super().__init__()
        self.k, self.scale = c.num_experts_per_tok, c.routed_scaling_factor
        self.experts = nn.ModuleList(Expert(c) for _ in range(c.n_routed_experts))
        self.shared_experts = Expert(c)
        self.gate = nn.Module()
        self.gate.weight = nn.Parameter(torch.randn(c.n_routed_experts, c.hidden_size) * c.hidden_size**-0.5)
        if hashed:
            table = torch.stack([torch.randperm(c.n_routed_experts)[: self.k] for _ in range(c.vocab_size)])
            self.gate.register_buffer("tid2eid", table)
        else:
            self.gate.register_buffer("bias", torch.zeros(c.n_routed_experts))
        self.hashed = hashed

    def forward(self, u, ids):
        scores = F.softplus(F.linear(u, self.gate.weight)).sqrt()
        chosen = self.gate.tid2eid[ids] if self.hashed else (scores + self.gate.bias).topk(self.k, 1).indices
        weights = scores.gather(1, chosen)
        weights = self.scale * weights / weights.sum(1, keepdim=True)
        y = self.shared_experts(u)
        for e, expert in enumerate(self.experts):
            rows, slots = (chosen == e).nonzero(as_tuple=True)
            y.index_add_(0, rows, expert(u.index_select(0, rows), weights[rows, slots, None]))
        self.load = chosen.flatten().bincount(minlength=len(self.experts))
        return y


class Block(nn.Module):
    def __init__(self, c, index):
        super().__init__()
        self.attn, self.ffn = Attention(c, c.compress_ratios[index]), Mixture(c, index < c.num_hash_layers)
        self.attn_norm, self.ffn_norm = (RMSNorm(c.hidden_size, c.rms_norm_eps) for _ in range(2))
        self.hc_attn, self.hc_ffn = Hyper(c, False), Hyper(c, False)

    def forward(self, streams, ids, batch):
        x, how = self.hc_attn.read(streams)
        streams = self.hc_attn.write(self.attn(self.attn_norm(x), batch), streams, how)
        x, how = self.hc_ffn.read(streams)
        return self.hc_ffn.write(self.ffn(self.ffn_norm(x), ids), streams, how)


class Mtp(Block):
    """The streams of position p and the token at p+1 predict the token at p+2."""

    def __init__(self, c):
        super().__init__(c, c.num_hidden_layers)
        self.e_proj, self.h_proj = (linear(c.hidden_size, c.hidden_size) for _ in range(2))
        self.enorm, self.hnorm, self.norm = (RMSNorm(c.hidden_size, c.rms_norm_eps) for _ in range(3))
        self.hc_head = Hyper(c, True)

    def forward(self, streams, embedded, ids, batch):
        streams = self.e_proj(self.enorm(embedded))[:, None] + self.h_proj(self.hnorm(streams))
        return super().forward(streams, ids, batch)


class Model(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.embed, self.head = nn.Embedding(c.vocab_size, c.hidden_size), linear(c.hidden_size, c.vocab_size)
        self.layers = nn.ModuleList(Block(c, i) for i in range(c.num_hidden_layers))
        self.norm, self.hc_head = RMSNorm(c.hidden_size, c.rms_norm_eps), Hyper(c, True)
        self.mtp = nn.ModuleList([Mtp(c)])

    def streams(self, batch):
        ids = batch.ids.flatten()
        x = self.embed(ids)[:, None].expand(-1, self.c.hc_mult, -1)
        for layer in self.layers:
            x = layer(x, ids, batch)
        return x

    def logits(self, streams, part):
        return self.head(part.norm(part.hc_head.read(streams)[0]))

    def forward(self, batch):
        """The mean losses of the next token and of the one after."""
        streams = self.streams(batch)
        following = batch.ids.flatten().roll(-1)  # a document's last row has none, and its result is not used
        ahead = self.mtp[0](streams, self.embed(following), following, batch)
        losses = []
        for x, part, (rows, targets) in zip((streams, ahead), (self, self.mtp[0]), batch.heads):
            losses.append(F.cross_entropy(self.logits(x.index_select(0, rows), part), targets))
        return losses


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal by ten Newton-Schulz steps, at the size of AdamW's updates."""

    def __init__(self, params, lr, weight_decay=0.1):
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                if w.grad is None:
                    continue
                m = self.state[w].setdefault("momentum", torch.zeros_like(w))
                m.mul_(0.95).add_(w.grad)
                update = self.orthogonal(w.grad + 0.95 * m)
                w.mul_(1 - group["lr"] * group["weight_decay"])
                w.add_(update, alpha=-group["lr"] * 0.18 * max(w.shape) ** 0.5)

    @staticmethod
    def orthogonal(x):
        turn = x.size(0) > x.size(1)
        x = x.T if turn else x
        x = x / (x.norm() + 1e-30)
        for a, b, c in 8 * [(3.4445, -4.7750, 2.0315)] + 2 * [(2, -1.5, 0.5)]:
            gram = x @ x.T
            x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
        return x.T if turn else x


def optimizers(model, lr):
    matrices, tokens, vectors = [], [], []
    for name, w in model.named_parameters():
        kind = tokens if name.startswith(("embed", "head")) else matrices if w.dim() == 2 else vectors
        (vectors if name.endswith("ape") else kind).append(w)
    groups = [{"params": tokens, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
    return Muon(matrices, lr), torch.optim.AdamW(groups, lr, betas=(0.9, 0.95), eps=1e-20)


def random_rows(args, c, draw):
    """Documents of random ids that fill packs; the last of a pack is cut."""
    packs = []
    for _ in range(args.packs):
        left, pack = args.tokens, []
        while left > 0:
            n = min(left, int(draw.integers(args.document // 2, args.document * 3 // 2 + 1)))
            ids = torch.from_numpy(draw.integers(0, c.vocab_size, n))
            pack.append((ids, torch.from_numpy(draw.random(n) < args.learnt)))
            left -= n
        packs.append(pack)
    return packs if args.rows == "packs" else [[document] for pack in packs for document in pack]


def train(args, c):
    model, draw = Model(c), np.random.default_rng(args.seed)
    muon, adam = optimizers(model, args.rate)
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters, {args.threads} threads, {kernels()}")
    times, speeds = [], []
    for step in range(args.steps):
        batch = Batch(random_rows(args, c, draw), c)  # not counted, as if a loader had it ready
        at = [time.perf_counter()]
        loss, mtp = model(batch)
        at.append(time.perf_counter())
        (loss + 0.3 * mtp).backward()
        at.append(time.perf_counter())
        muon.step()
        adam.step()
        for mixture in [m for m in model.modules() if isinstance(m, Mixture) and not m.hashed]:
            mixture.gate.bias += 0.001 * torch.sign(mixture.load.float().mean() - mixture.load)
        muon.zero_grad(set_to_none=True)
        adam.zero_grad(set_to_none=True)
        at.append(time.perf_counter())
        parts = 1000 * np.diff(at)
        print(f"step {step}: loss {loss.item():.4f} mtp {mtp.item():.4f}  {parts.sum():.0f} ms", flush=True)
        if step >= args.warmup:
            times.append(parts)
            speeds.append(batch.tokens / parts.sum() * 1000)
    if times:
        forward, backward, optimizer = np.median(times, 0)
        print(f"median of {len(times)} steps: {np.median(speeds):.0f} tokens/s; forward {forward:.0f} ms, "
              f"backward {backward:.0f} ms, optimizer {optimizer:.0f} ms")


def kernels():
    """What computes: PyTorch's own capability, and the BLAS that it found."""
    capability = re.search(r"CPU capability usage: (\S+)", torch.__config__.show())
    text = f"PyTorch {torch.__version__} {capability[1] if capability else ''}"
    libraries = sorted(set(re.findall(r"/\S*lib(?:blas|openblas|mkl)\S*", Path("/proc/self/maps").read_text())))
    for library in libraries:
        if "libopenblas" in library:
            core = ctypes.CDLL(library).openblas_get_corename
            core.restype = ctypes.c_char_p
            return f"{text}, {Path(library).name} with {core().decode()} kernels"
    return f"{text}, {', '.join(libraries)} (the reference BLAS is slow; install libopenblas0-openmp)"


def read_safetensors(file):
    data = Path(file).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8: 8 + length]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            kind = {"F32": np.float32, "I64": np.int64}[entry["dtype"]]
            raw = np.frombuffer(data[8 + length + begin: 8 + length + end], kind)
            tensors[name] = torch.from_numpy(raw.copy().reshape(entry["shape"]))
    return tensors


def check(args, c):
    """The losses of a checkpoint on ids, which follow another document in their row."""
    model = Model(c)
    tensors = {re.sub(r"(hc_\w+)_(fn|base|scale)$", r"\1.\2", name): tensor
               for name, tensor in read_safetensors(Path(args.model) / "model.safetensors").items()
               if ".indexer." not in name}
    model.load_state_dict(tensors)
    ids = torch.tensor([int(i) for i in args.ids.split(",")])
    other = (ids.flip(0)[:37], torch.zeros(min(37, len(ids)), dtype=torch.bool))
    batch = Batch([[other, (ids, torch.ones(len(ids), dtype=torch.bool))]], c)
    loss, mtp = model(batch)
    (loss + 0.3 * mtp).backward()
    norm = math.sqrt(sum(float(p.grad.double().square().sum()) for p in model.parameters() if p.grad is not None))
    print(f"loss {loss.item():.6f}, mtp loss {mtp.item():.6f}, gradient norm {norm:.6f}")
    if args.logits:
        with torch.no_grad():
            logits = model.logits(model.streams(batch), model)[len(other[0]):]
        there = read_safetensors(args.logits)["logits"]
        theirs = F.cross_entropy(there[:-1], ids[1:]).item()
        print(f"logits differ by {(logits - there).abs().max().item():.2e} at most, of {there.abs().max().item():.1f}; "
              f"the loss by {abs(loss.item() - theirs):.2e} of {theirs:.6f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--config", default=HERE / "../../models/nano/config.json")
    parser.add_argument("--steps", type=int, default=23)
    parser.add_argument("--warmup", type=int, default=3, help="first steps that do not count")
    parser.add_argument("--packs", type=int, default=2, help="in a step")
    parser.add_argument("--tokens", type=int, default=1024, help="of a pack")
    parser.add_argument("--document", type=int, default=150, help="mean length of documents; they vary by half of it")
    parser.add_argument("--learnt", type=float, default=0.4, help="share of the tokens that are learnt")
    parser.add_argument("--rows", choices=["packs", "documents"], default="documents",
                        help="what a row of the batch is: a pack, or one document, filled up to the longest")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=0.004)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-hc", action="store_true", help="one plain residual stream, no hyper-connections")
    parser.add_argument("--model", help="check this checkpoint (F32) instead")
    parser.add_argument("--ids", help="with --model: one document")
    parser.add_argument("--logits", help="with --model: a file of `hadal logits` to compare with")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    c = SimpleNamespace(**json.loads(Path(args.config).read_text()))
    if args.no_hc:
        c.hc_mult = 1
    if args.model:
        check(args, c)
    else:
        train(args, c)


if __name__ == "__main__":
    main()
