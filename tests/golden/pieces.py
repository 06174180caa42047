"""Makes sentencepiece/: a small SentencePiece BPE vocabulary as a GGUF file, and what the references make of texts.

    pip install sentencepiece gguf transformers
    python tests/golden/pieces.py

The vocabulary is trained as Llama 2's was (identity normalisation, byte fallback, split digits). Two references:
SentencePiece itself, for which special tokens in a text are ordinary characters, and Hugging Face's tokenizers (Rust) in
the form of the tokenizer.json published with Llama 2, TinyLlama and Mistral, which finds special tokens in a text.
"""
import io
import json
import os

import gguf
import sentencepiece
from tokenizers import normalizers
from transformers import AutoTokenizer

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sentencepiece")

corpus = """\
Each hospital keeps its own records, and none of them may leave the house.
The clinics still want one model that all of them can use, so they train together.
A peer writes short texts from its own examples; only what it has learned is sent to the others.
The others take the mean of what they were sent, and the next round begins where the last one ended.
When a peer stops in the middle of an exchange, the sum of what all the peers hold stays the same.
    if (round === last) {
        return average(peers, weights)
    }
Größe, Maße und Straße: die Übung fängt früh an, und die Ärzte hören später davon.
Le café est fermé à midi, où déjà la forêt brûle; ça ne s'arrête pas là.
In 2024 there were 1350 cases, 17 more than in 2023, and 98.6 percent of them were treated within 24 hours.
"""

texts = [
    "", " ", "  ", "   ", "\n", "\n\n", "\t", " \t \n ", "a", " a", "a ", "  a", "   a   ", "a  b", "a   b    c",
    "The peers train together.", " The peers train together. ", "the hospital keeps records",
    "thethethe therethere otherothers", "in the middle\nof the exchange\n", "line one\r\n\r\nline two",
    "    if (x === 1) {\n        return y\n    }", "1350 and 2024, 98.6%", "x1y22z333", "Größe und Maße", "Cafe\u0301 café",
    "日本語のテキスト", "Привет, мир", "नमस्ते", "مرحبا", "emoji 😀👩\u200d🚀🇩🇪", "😀", "a😀b", " 😀 ", "½ ² ③ ١٢٣", "a\u00a0b", "\u3000",
    "▁", "a▁b", "▁▁a", "<0x0A>", "text <0x41> text", "<s>", "</s>", "<unk>", "a</s>b", "</s> the", "<s>the", " <s> the",
    "<|user|>\nthe peers</s>\n<|assistant|>\n", "<|user|>  two</s>", "<s><s>", "</s", "<|user|", "<think>the</think>",
    "a <think> b", "\u0000", "\ud7ff\ue000", "�", "zzzz qqqq", "UPPER lower", "aaaaaaaaaaaaaaaaaaaaaaaa",
    "supercalifragilistic", "e.g. (this), [that]; {those}!", "it's they've I'll", "the\u200bpeers",
]


def train():
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus.splitlines()), model_writer=model, model_type="bpe", vocab_size=620,
        byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True,
        allow_whitespace_only_pieces=True, character_coverage=1.0, control_symbols=["<|user|>", "<|assistant|>"],
        user_defined_symbols=["<think>", "</think>"], minloglevel=2,
    )
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def token_type(model, index):
    kinds = gguf.TokenType
    if model.is_unknown(index):
        return kinds.UNKNOWN
    if model.is_control(index):
        return kinds.CONTROL
    if model.is_byte(index):
        return kinds.BYTE
    return kinds.USER_DEFINED if "think>" in model.id_to_piece(index) else kinds.NORMAL


def write(model, path):
    ids = range(model.get_piece_size())
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_tokenizer_model("llama")
    writer.add_token_list([model.id_to_piece(i) for i in ids])
    writer.add_token_scores([model.get_score(i) for i in ids])
    writer.add_token_types([int(token_type(model, i)) for i in ids])
    writer.add_unk_token_id(model.unk_id())
    writer.add_bos_token_id(model.bos_id())
    writer.add_eos_token_id(model.eos_id())
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(True)
    writer.add_chat_template(
        "{% for message in messages %}{{ '<|' + message['role'] + '|>\\n' + message['content'] + eos_token + '\\n' }}"
        "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}"
    )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def rust(prefix):
    tokenizer = AutoTokenizer.from_pretrained(here, gguf_file="vocabulary.gguf").backend_tokenizer
    replace = normalizers.Replace(" ", "▁")
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), replace]) if prefix else replace
    tokenizer.pre_tokenizer = None
    return tokenizer


os.makedirs(here, exist_ok=True)
model = train()
write(model, os.path.join(here, "vocabulary.gguf"))
published, bare = rust(True), rust(False)
cases = []
for text in texts:
    found = published.encode(text, add_special_tokens=False).ids
    ordinary = model.encode(text)
    special = any(model.is_control(i) or model.is_unknown(i) for i in found)
    # SentencePiece puts no space after a piece that the user defined; everything else must be the same.
    if "think>" in text:
        ordinary = found
    elif not special and ordinary != found:
        print("the references differ:", json.dumps(text), model.encode(text, out_type=str), found)
    cases.append({
        "text": text, "ids": ordinary, "special": found, "decoded": published.decode(found, skip_special_tokens=False),
        "bare": bare.encode(text, add_special_tokens=False).ids,
    })
note = "ids: special tokens are ordinary text; special: they are recognised, decoded = decode(special); bare: no space prefix"
with open(os.path.join(here, "tokens.json"), "w") as file:
    file.write(json.dumps({"note": note, "cases": cases}, ensure_ascii=False, separators=(",", ":")) + "\n")
