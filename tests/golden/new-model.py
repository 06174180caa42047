"""Makes new-model.json: what transformers reads from the model that tests/fixtures/new-model.ts writes.

    pip install torch transformers
    python tests/golden/new-model.py
"""
import json
import os
import subprocess
import tempfile

from reading import last_logits, token_cases

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
    cases = token_cases(path, texts)
    [logits] = last_logits(path, [cases[0]["ids"]])

with open(os.path.join(here, "new-model.json"), "w") as file:
    json.dump({"cases": cases, "logits": [round(x, 9) for x in logits]}, file, ensure_ascii=False)
    file.write("\n")
