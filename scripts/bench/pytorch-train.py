"""The same training step with PyTorch, transformers and PEFT in float32, for `bench:train --against pytorch`.

Prints one JSON document: tokens per second (best, median) and the process's peak resident memory in MB.
"""
import json
import resource
import time

import torch
from pytorch_lora import arguments, lora_model

args = arguments("length", "rounds").parse_args()
base, model, trained, optimizer = lora_model(args, torch.float32)
ids = torch.randint(0, base.config.vocab_size, (args.batch, args.length))

times = []
for i in range(3 + args.rounds):
    started = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    model(input_ids=ids, labels=ids).loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    if i >= 3:
        times.append(time.perf_counter() - started)

times.sort()
rate = lambda seconds: args.batch * args.length / seconds
print(json.dumps({
    "tokensPerSecond": {"best": rate(times[0]), "median": rate(times[len(times) // 2])},
    "peakMemoryMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    "torch": torch.__version__,
}))
