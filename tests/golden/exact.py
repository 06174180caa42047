"""Makes tiny/*/exact.f64.safetensors and full-training.json: the tiny models computed in float64 throughout.

    pip install torch transformers peft safetensors
    python tests/golden/exact.py

transformers computes norms, rotary tables and the loss of a float64 model in float32, which leaves its figures exact to
about 1e-7. Here those parts are replaced by float64 ones. The rotary tables keep their float32 values, correctly
rounded: they are part of the model.
"""
import json
import os

import numpy as np
import torch
from peft import PeftModel
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tiny")


class Norm(torch.nn.Module):
    def __init__(self, norm):
        super().__init__()
        self.weight, self.epsilon = norm.weight, norm.variance_epsilon

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.epsilon))


class Rotary(torch.nn.Module):
    def __init__(self, frequencies):
        super().__init__()
        self.frequencies = frequencies

    def forward(self, x, position_ids):
        positions = position_ids.numpy().astype(np.float32)
        angles = (positions[..., None] * self.frequencies).astype(np.float32).astype(np.float64)
        angles = np.concatenate([angles, angles], -1)
        table = lambda f: torch.from_numpy(f(angles).astype(np.float32).astype(np.float64))
        return table(np.cos), table(np.sin)


def frequencies(config):
    rope = config.rope_parameters
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    plain = (1 / rope["rope_theta"] ** (np.arange(0, size, 2) / size)).astype(np.float32)
    if rope["rope_type"] != "llama3":
        return plain
    turns = rope["original_max_position_embeddings"] * plain.astype(np.float64) / (2 * np.pi)
    low, high = rope["low_freq_factor"], rope["high_freq_factor"]
    smooth = np.clip((turns - low) / (high - low), 0, 1)
    return ((1 - smooth) * plain / rope["factor"] + smooth * plain).astype(np.float32)


def exact(model):
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if type(child).__name__.endswith("RMSNorm"):
                setattr(module, name, Norm(child))
    model.model.rotary_emb = Rotary(frequencies(model.config))
    return model


def full_training(model, loss_of):
    """24 steps of AdamW on all weights, decay on matrices alone: loss and gradient norm of each step; of each weight's
    first gradient, and of each weight in the end, the norm and the product with sin(0), sin(1), ..."""
    named = dict(model.named_parameters())
    groups = [{"params": [p for p in named.values() if p.ndim > 1], "weight_decay": 0.1},
              {"params": [p for p in named.values() if p.ndim == 1], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=3e-3, betas=(0.9, 0.999), eps=1e-8)
    wave = lambda x: float((x.flatten() * torch.sin(torch.arange(x.numel(), dtype=torch.float64))).sum())
    marks = lambda of: {name: [float(of(p).norm()), wave(of(p))] for name, p in named.items()}
    steps, gradients = [], None
    for _ in range(24):
        optimizer.zero_grad()
        loss, _ = loss_of(model)
        loss.backward()
        gradients = gradients or marks(lambda p: p.grad)
        norm = torch.nn.utils.clip_grad_norm_(named.values(), 1.0)
        optimizer.step()
        steps.append([float(loss.detach()), float(norm)])
    return {"gradients": gradients, "steps": steps, "weights": marks(lambda p: p.detach())}


for kind in sorted(os.listdir(here)):
    folder = os.path.join(here, kind)
    golden = json.load(open(os.path.join(folder, "loss.json")))
    ids, labels = torch.tensor(golden["ids"]), torch.tensor(golden["labels"])

    def loss_of(model):
        logits = model(input_ids=ids).logits
        return torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten()), logits

    base = exact(AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64))
    with torch.no_grad():
        loss, logits = loss_of(base)
    out = {"loss": loss, "logits": logits[:, -8:].contiguous()}
    tuned = PeftModel.from_pretrained(base, os.path.join(folder, "adapter"), is_trainable=True).double()
    loss, _ = loss_of(tuned)
    loss.backward()
    out["loss_with_adapter"] = loss.detach()
    for name, parameter in tuned.named_parameters():
        if parameter.grad is not None:
            out[name.replace(".default", "")] = parameter.grad
    save_file(out, os.path.join(folder, "exact.f64.safetensors"))
    base = exact(AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64))
    with open(os.path.join(folder, "full-training.json"), "w") as file:
        json.dump(full_training(base, loss_of), file)
    print(kind, float(out["loss"]), golden["loss"], float(out["loss_with_adapter"]), golden["loss_with_adapter"])
