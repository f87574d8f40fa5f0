"""What make passes to the scripts of the benchmarks is what they read."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINES = re.compile(r"^\t\$\(BIN\)/python benchmarks/(\w+)\.py(.*)$", re.MULTILINE)
BY_PLACE = {"app", "inside_latency", "plot_curve", "startup"}  # these read a number or two by their place
COMPILES = {"extraction"}  # half a minute at its first import

READ = """
import importlib, json, sys
for script, words in json.loads(sys.argv[1]):
    importlib.import_module(script).reader().parse_args(words)
    print(script)
"""


def test_each_script_reads_what_make_passes() -> None:
    lines = [(script, words.split()) for script, words in LINES.findall((ROOT / "Makefile").read_text("utf-8"))]
    read = [line for line in lines if line[0] not in BY_PLACE | COMPILES]
    assert len(read) >= 11
    done = subprocess.run(
        [sys.executable, "-c", READ, json.dumps(read)],
        cwd=ROOT / "benchmarks",
        # The scripts start themselves anew in a worker's environment, unless they are in it.
        env={**os.environ, "BENCHMARK_ENVIRONMENT": "a test", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.split() == [script for script, _ in read]
