"""Stands in for `kernelglot.session` in the server's tests: does what a comment in the text tells it to.

`// fake: sleep 30`, `decline`, `partial` (of a file, the kernel `hard` is declined), `reject`, `untested`, `raise`, `die`, `child` (starts a child that would outlive it), `loud`.
"""

import hashlib
import os
import re
import subprocess
import sys
import time

KERNEL = re.compile(r"__global__\s+void\s+(\w+)\s*\(")
TARGETS = ("bang", "hip", "vnni", "c", "cuda")
SUFFIX_DIALECTS = {".cu": "cuda", ".hip": "hip", ".mlu": "bang", ".c": "c"}


def dialect_of(path):
    return "vnni" if path.endswith(".vnni.c") else SUFFIX_DIALECTS.get(os.path.splitext(path)[1], "cuda")


def outline(path, text):
    lines = text.split("\n")
    starts = [(number, match[1]) for number, line in enumerate(lines) if (match := KERNEL.search(line))]
    ends = [start - 1 for start, _ in starts[1:]] + [len(lines) - 1]
    return [
        {"name": name, "start_line": start, "end_line": end, "dialect": dialect_of(path), "targets": [t for t in TARGETS if t != dialect_of(path)]}
        for (start, name), end in zip(starts, ends)
    ]


def check(path, text):
    """A finding on each `bad`; columns are UTF-8 bytes."""
    found = []
    for number, line in enumerate(text.encode().split(b"\n")):
        for match in re.finditer(rb"\bbad\b", line):
            found.append({"line0": number, "col0": match.start(), "line1": number, "col1": match.end(), "severity": "warning", "code": "bad", "message": "`bad` is bad"})
    return found


def marked(name, body):
    digest = hashlib.sha256(body.rstrip("\n").encode()).hexdigest()[:12]
    return f"// kernelglot: translated from {name} (CUDA C), digest {digest}\n{body}"


def translate(path, text, to, kernel=None, out=None, report=None):
    orders = dict(re.findall(r"// fake: (\w+) ?(\S*)", text))
    name = kernel or "file"
    report({"kernel": name, "stage": "loop_recovery", "percent": 30, "message": "recovering loops"})
    if "loud" in orders:
        print("this must not reach the protocol")
        os.write(1, b"neither must this\n")
    if "child" in orders:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
        with open(orders["child"], "w") as file:
            file.write(str(child.pid))
    if "sleep" in orders:
        time.sleep(float(orders["sleep"]))
    if "die" in orders:
        print("solver: out of memory", file=sys.stderr, flush=True)
        os._exit(9)
    if "raise" in orders:
        raise ValueError("no such pass")
    report({"kernel": name, "stage": "verify", "percent": 80, "message": "comparing"})
    entry = {"name": name, "source": path, "target": to, "out": None, "verdict": None, "declined": None, "seconds": 0.1}
    if "decline" in orders:
        return {"kernels": [entry | {"declined": {"code": "texture", "reason": "texture fetches have no counterpart", "line": 2}}]}
    verdict = {"rung": "tested", "evidence": ["agreed on 12 inputs"], "skipped": ["proof"], "counterexample": None}
    if "untested" in orders:
        verdict |= {"rung": "compiled", "evidence": ["accepted by the front end"], "skipped": ["tests: no launch is known"]}
    if "reject" in orders:
        verdict |= {"rung": "rejected", "evidence": [], "counterexample": {"sentence": "c[32] is 0, 96 was expected (seed 1)"}}
    made = marked(os.path.basename(path), f"void {name}() {{}}\n")
    if "partial" in orders:
        declined = entry | {"name": "hard", "declined": {"code": "texture", "reason": "texture fetches have no counterpart", "line": 2}}
        return {"kernels": [entry | {"name": "easy", "verdict": verdict, "text": made}, declined], "text": made}
    return {"kernels": [entry | {"verdict": verdict, "text": made}]}
