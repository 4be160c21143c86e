"""`uv run python -m benchmarks [upsert|cycle|reads|fleet|all] [--scale small|full] [--keep]`."""

import argparse
from importlib import import_module

PARTS = ("upsert", "cycle", "reads", "fleet")


def main() -> None:
    """Run the parts that are asked for, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Ratios, each within one run.")
    parser.add_argument("part", nargs="?", default="all", choices=(*PARTS, "all"))
    parser.add_argument("--scale", default="small", choices=("small", "full"))
    parser.add_argument("--keep", action="store_true", help="keep the filled database for the next run")
    options = parser.parse_args()
    for part in PARTS if options.part == "all" else (options.part,):
        command = f"uv run python -m benchmarks {part} --scale {options.scale}"
        import_module(f"benchmarks.{part}").run(options.scale, command, keep=options.keep)


if __name__ == "__main__":
    main()
