"""``python script/hanse NAME ARGUMENTS`` runs ``hanse.NAME``, whatever the current folder is."""

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[0:1] = [str(ROOT), str(ROOT / "script")]


def main(name: str, arguments: list[str]) -> int:
    from hanse.refusal import Refusal

    try:
        return importlib.import_module(f"hanse.{name}").main(arguments)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
    except PermissionError as error:
        print(f"{error.filename} belongs to another user: run this as its owner, or in a clone of your own.", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
