"""Makes new-model.json: what transformers reads from the model that tests/fixtures/new-model.ts writes.

    pip install torch transformers
    python tests/golden/new-model.py
"""
import json
import os
import subprocess
import tempfile

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

here = os.path.dirname(os.path.abspath(__file__))
texts = [
    "The other river's garden: room 1203, don't close it!",
    "  two  spaces\n\n\ttabs  9:30 ",
    "naïve Ωmega 東京 🙂 ½ ٣",
    "<|im_start|>user\nName the lamp.<|im_end|>\n",
]

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model")
    write = "import('./tests/fixtures/new-model.ts').then((m) => m.writeNewModel(process.argv[1], 'bf16'))"
    subprocess.run(["node", "-e", write, path], cwd=os.path.join(here, "../.."), check=True)
    tokenizer = AutoTokenizer.from_pretrained(path)
    cases = []
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False)
        cases.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids)})
    model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float64)
    with torch.no_grad():
        logits = model(torch.tensor([cases[0]["ids"]])).logits[0, -1]

with open(os.path.join(here, "new-model.json"), "w") as file:
    json.dump({"cases": cases, "logits": [round(x, 9) for x in logits.tolist()]}, file, ensure_ascii=False)
    file.write("\n")
