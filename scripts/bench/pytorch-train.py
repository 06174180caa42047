"""The same training step with PyTorch, transformers and PEFT in float32, for `bench:train --against pytorch`.

Prints one JSON document: tokens per second (best, median) and the process's peak resident memory in MB.
"""
import argparse
import json
import resource
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("--batch", type=int, required=True)
parser.add_argument("--length", type=int, required=True)
parser.add_argument("--rank", type=int, required=True)
parser.add_argument("--targets", required=True)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--rounds", type=int, required=True)
args = parser.parse_args()

torch.set_num_threads(args.threads)
torch.manual_seed(0)
base = AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32)
targets = [f"{name}_proj" for name in args.targets.split(",")]
model = get_peft_model(base, LoraConfig(r=args.rank, lora_alpha=2 * args.rank, target_modules=targets))
model.train()
trained = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.01)
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
