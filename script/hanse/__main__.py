"""``python script/hanse NAME ARGUMENTS`` runs ``hanse.NAME``, whatever the current folder is."""

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[0:1] = [str(ROOT), str(ROOT / "script")]


def main(name: str, arguments: list[str]) -> int:
    from hanse.refusal import Refusal  # noqa: PLC0415 (the path is only now such that it is found)

    try:
        code: int = importlib.import_module(f"hanse.{name}").main(arguments)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
    except PermissionError as error:
        advice = "run this as its owner, or in a clone of your own"
        print(f"{error.filename} belongs to another user: {advice}.", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    else:
        return code
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
