"""Writes the reference values of this folder: torch and tokenizers alone, numbers of our own making.

A random GPT with every inner tensor, in the form of minGPT's dumps, and two small vocabularies with texts and ids,
in the form of llama.cpp's tests. Run: python make.py
"""

import base64, json, math, struct

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

HERE = __file__.rsplit("/", 1)[0] if "/" in __file__ else "."


def told(tensor):
    data = tensor.detach().to(torch.float32).contiguous()
    return {"shape": list(data.shape), "dtype": "torch.float32", "data": base64.b64encode(data.numpy().tobytes()).decode()}


def gpt(layers=2, heads=2, width=8, vocabulary=5, block=6, batch=2):
    torch.manual_seed(11)
    w = {"transformer.wte.weight": (vocabulary, width), "transformer.wpe.weight": (block, width)}
    for i in range(layers):
        n = f"transformer.h.{i}."
        w |= {n + "ln_1.weight": (width,), n + "ln_1.bias": (width,), n + "ln_2.weight": (width,), n + "ln_2.bias": (width,)}
        for name, out, inner in (("attn.c_attn", 3, 1), ("attn.c_proj", 1, 1), ("mlp.c_fc", 4, 1), ("mlp.c_proj", 1, 4)):
            w |= {n + name + ".weight": (out * width, inner * width), n + name + ".bias": (out * width,)}
    w |= {"transformer.ln_f.weight": (width,), "transformer.ln_f.bias": (width,), "lm_head.weight": (vocabulary, width)}
    w = {k: torch.randn(s) * 0.5 + (1.0 if "ln_" in k and k.endswith("weight") else 0.0) for k, s in w.items()}
    config = {"n_layer": layers, "n_head": heads, "n_embd": width, "vocab_size": vocabulary, "block_size": block}
    ids = torch.randint(0, vocabulary, (batch, block))
    norm = lambda x, n: torch.nn.functional.layer_norm(x, (width,), w[n + ".weight"], w[n + ".bias"], 1e-5)
    line = lambda x, n: x @ w[n + ".weight"].T + w[n + ".bias"]
    gelu = lambda x: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    split = lambda x: x.view(batch, block, heads, width // heads).transpose(1, 2)
    t = {"idx": ids, "tok_emb": w["transformer.wte.weight"][ids], "pos_emb": w["transformer.wpe.weight"][None]}
    x = t["x"] = t["tok_emb"] + t["pos_emb"]
    for i in range(layers):
        n = f"transformer.h.{i}."
        s = {"ln1": norm(x, n + "ln_1")}
        s["qkv"] = line(s["ln1"], n + "attn.c_attn")
        s["q"], s["k"], s["v"] = map(split, s["qkv"].split(width, 2))
        s["att"] = s["q"] @ s["k"].transpose(2, 3) / math.sqrt(width // heads)
        s["att"] = s["att"].masked_fill(torch.tril(torch.ones(block, block)) == 0, -math.inf)
        s["attSm"] = s["att"].softmax(-1)
        s["y"] = (s["attSm"] @ s["v"]).transpose(1, 2).reshape(batch, block, width)
        s["yProj"] = line(s["y"], n + "attn.c_proj")
        s["attnResid"] = x + s["yProj"]
        s["ln2"] = norm(s["attnResid"], n + "ln_2")
        s["fc"] = line(s["ln2"], n + "mlp.c_fc")
        s["gelu"] = gelu(s["fc"])
        s["mlp"] = line(s["gelu"], n + "mlp.c_proj")
        x = s["mlpResid"] = s["attnResid"] + s["mlp"]
        t |= (s if i == 0 else {}) | {f"block{i}": x}
    t["ln_f"] = norm(x, "transformer.ln_f")
    t["lm_head"] = t["ln_f"] @ w["lm_head.weight"].T
    t["probs"] = t["lm_head"].softmax(-1)
    json.dump({"config": config} | {k: told(v) for k, v in w.items()}, open(f"{HERE}/tiny-gpt-model.json", "w"), indent=0)
    json.dump({"config": config} | {k: told(v) for k, v in t.items()}, open(f"{HERE}/tiny-gpt-partials.json", "w"), indent=0)


TEXTS = [
    "the cat sat on the mat", "The CAT sat.", "", " ", "  two  spaces ", "tab\there", "line\nline", "123 4567",
    "it's they'll I'd", "héllo wörld", "naïve café", "日本語 text", "😁 smile 😀", "?!... --- ()", "a", "unseenword",
    "3.14e-10", "mat mat mat", "\u00a0nbsp", "co-operate", "under_score", "ẞ ß",
]
CORPUS = ["the cat sat on the mat and the dog sat on the log", "it's a small world they'll say 123 times 45", "héllo café world"] * 3


def gguf(name, kind, pre, tokens, merges, types, unknown):
    text = lambda s: struct.pack("<Q", len(s.encode())) + s.encode()
    keys = [("general.architecture", 8, text(kind)), ("tokenizer.ggml.model", 8, text(kind)), ("tokenizer.ggml.pre", 8, text(pre))]
    keys.append(("tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, len(tokens)) + b"".join(map(text, tokens))))
    keys.append(("tokenizer.ggml.token_type", 9, struct.pack("<IQ", 5, len(types)) + struct.pack(f"<{len(types)}i", *types)))
    if merges:
        keys.append(("tokenizer.ggml.merges", 9, struct.pack("<IQ", 8, len(merges)) + b"".join(map(text, merges))))
    if unknown is not None:
        keys.append(("tokenizer.ggml.unknown_token_id", 4, struct.pack("<I", unknown)))
    with open(f"{HERE}/{name}.gguf", "wb") as out:
        out.write(b"GGUF" + struct.pack("<IQQ", 3, 0, len(keys)))
        for key, type_, value in keys:
            out.write(text(key) + struct.pack("<I", type_) + value)


def cases(name, tokenizer):
    with open(f"{HERE}/{name}.gguf.inp", "w", newline="") as out:
        out.writelines(t + "\n__ggml_vocab_test__\n" for t in TEXTS)
    with open(f"{HERE}/{name}.gguf.out", "w") as out:
        out.writelines(" " + " ".join(map(str, tokenizer.encode(t, add_special_tokens=False).ids)) + "\n" for t in TEXTS)


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=320, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = [t for t, _ in sorted(model["vocab"].items(), key=lambda e: e[1])]
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    gguf("tiny-bytes", "gpt2", "gpt-2", tokens, merges, [1] * len(tokens), None)
    cases("tiny-bytes", tokenizer)


def words():
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,!?'-()_日本語ß"
    words = ["the", "cat", "sat", "mat", "on", "it", "hello", "world", "cafe", "text", "two", "spaces"]
    ends = ["at", "ing", "er", "erate", "ive", "##"]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + list(letters) + words + ["##" + l for l in letters] + ["##" + e for e in ends]
    vocabulary = list(dict.fromkeys(vocabulary))
    tokenizer = Tokenizer(models.WordPiece({t: i for i, t in enumerate(vocabulary)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    kept = [t if t in vocabulary[:4] else t[2:] if t.startswith("##") else "\u2581" + t for t in vocabulary]
    gguf("tiny-words", "bert", "jina-v2-en", kept, [], [3] * 4 + [1] * (len(kept) - 4), 1)
    cases("tiny-words", tokenizer)


gpt()
byte_level()
words()
