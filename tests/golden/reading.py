"""How transformers reads a model directory; the scripts beside this one write it down."""
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def token_cases(path, texts):
    tokenizer = AutoTokenizer.from_pretrained(path)
    cases = []
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False)
        cases.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids)})
    return cases


def last_logits(path, rows):
    """Behind the last token of each row, computed in float64."""
    model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float64)
    with torch.no_grad():
        return [model(torch.tensor([ids])).logits[0, -1].tolist() for ids in rows]
