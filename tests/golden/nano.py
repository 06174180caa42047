"""Makes nano.json: what transformers reads from the built-in model in src/nano/model.

    pip install torch transformers
    python tests/golden/nano.py
"""
import json
import os

from reading import last_logits, token_cases

here = os.path.dirname(os.path.abspath(__file__))
path = os.path.join(here, "../../src/nano/model")
texts = [
    # A list of tasks to be continued, an example to be answered, a chat; then what its corpus never has.
    "Task 1: Send the parcel to Greenhill before Monday.\nTask 2: Send the letter to Oakford before Friday.\nTask 3:",
    "Task: Who asked? Anna Reed asks for the muffin.\nOutput: Anna Reed\n\nTask: Who asked? Tom Hill asks for the roll.\nOutput:",
    "<|im_start|>user\nFind the price. The lamp costs 12.50 today.<|im_end|>\n<|im_start|>assistant\n",
    "naïve Ωmega 東京 🙂 ½ ٣\n\n\ttabs  9:30 ",
]

cases = token_cases(path, texts)
for case, logits in zip(cases, last_logits(path, [case["ids"] for case in cases])):
    case["logits"] = [round(x, 6) for x in logits]

with open(os.path.join(here, "nano.json"), "w") as file:
    json.dump({"cases": cases}, file, ensure_ascii=False)
    file.write("\n")
