"""Epochs over real text with PyTorch, transformers and PEFT, for `bench:train --data FILE --against pytorch`.

The samples come as a JSON file, [{"tokens": [id, ...], "labelStart": n}, ...]: the token ids that fedpit trains on,
cut and labelled by it (the response alone, from position labelStart). The rest is what PyTorch does best on a processor,
chosen by trying (docs/log.md has the figures of what was slower):

- base weights in bfloat16, the LoRA factors and AdamW in float32 as PEFT makes them, gradients clipped to norm 1;
- torch.compile of the layers, with dynamic shapes, so that one compilation serves every length;
- the head and the loss for labelled positions alone, where the loss of transformers computes them for all;
- samples sorted by length, so that a batch holds its own length and next to no padding; no attention mask, because
  behind a causal mask padding on the right changes nothing that is read.

The first epoch compiles and is left out. Tokens are those that the model reads, all but the last of each sample, padding
not counted. Prints one JSON document: tokens per second over the epochs (best, median), positions computed for each
token, the last epoch's loss a labelled token, the seconds of the first epoch, and the process's peak resident memory in
MB, compiling included.
"""
import json
import resource
import time

import torch
from pytorch_lora import arguments, lora_model

IGNORED = -100

parser = arguments("epochs")
parser.add_argument("--samples", required=True)
args = parser.parse_args()
base, model, trained, optimizer = lora_model(args, torch.bfloat16)
layers = torch.compile(base.model, dynamic=True)


def padded(group):
    """Token ids, and for each position the id that follows it where that carries a label."""
    length = max(len(sample["tokens"]) for sample in group) - 1
    ids = torch.zeros(len(group), length, dtype=torch.long)
    labels = torch.full((len(group), length), IGNORED)
    for row, sample in enumerate(group):
        tokens, first = torch.tensor(sample["tokens"]), sample["labelStart"]
        end = len(tokens) - 1
        ids[row, :end] = tokens[:-1]
        labels[row, first - 1 : end] = tokens[first:]
    return ids, labels


def step(ids, labels):
    optimizer.zero_grad(set_to_none=True)
    hidden = layers(input_ids=ids, use_cache=False).last_hidden_state
    labelled = labels != IGNORED
    loss = torch.nn.functional.cross_entropy(base.lm_head(hidden[labelled]).float(), labels[labelled])
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    return loss.item()


with open(args.samples) as file:
    samples = sorted(json.load(file), key=lambda sample: len(sample["tokens"]))
batches = [padded(samples[i : i + args.batch]) for i in range(0, len(samples), args.batch)]
counts = [int((labels != IGNORED).sum()) for _, labels in batches]
tokens = sum(len(sample["tokens"]) - 1 for sample in samples)

times = []
for _ in range(1 + args.epochs):
    started = time.perf_counter()
    losses = [0.0] * len(batches)
    for i in torch.randperm(len(batches)).tolist():
        losses[i] = step(*batches[i])
    times.append(time.perf_counter() - started)

measured = sorted(times[1:])
print(json.dumps({
    "tokensPerSecond": {"best": tokens / measured[0], "median": tokens / measured[len(measured) // 2]},
    "computedPerToken": sum(ids.numel() for ids, _ in batches) / tokens,
    "loss": sum(loss * n for loss, n in zip(losses, counts)) / sum(counts),
    "warmUpSeconds": times[0],
    "peakMemoryMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    "torch": torch.__version__,
}))
