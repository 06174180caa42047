"""What the two PyTorch scripts have in common: options, and the model with LoRA and its optimiser as PEFT makes them."""
import argparse

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM


def arguments(*more):
    """Command line: the model's folder and whole numbers, `more` by name. --targets is q,v or the like."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--targets", required=True)
    for name in ("batch", "rank", "threads", *more):
        parser.add_argument(f"--{name}", type=int, required=True)
    return parser


def lora_model(args, dtype):
    """The base model, the same with LoRA, what of it is trained, and AdamW for that."""
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    base = AutoModelForCausalLM.from_pretrained(args.model, dtype=dtype)
    targets = [f"{name}_proj" for name in args.targets.split(",")]
    model = get_peft_model(base, LoraConfig(r=args.rank, lora_alpha=2 * args.rank, target_modules=targets))
    model.train()
    trained = [p for p in model.parameters() if p.requires_grad]
    return base, model, trained, torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.01)
