"""``python -m workbench``."""

import os
import sys


def names_in_utf8() -> None:
    """Begin anew in Python's UTF-8 mode where file names would be in another encoding.

    The files of answers have Greek names, in any locale; what is printed stays in the encoding of the terminal.
    """
    if sys.getfilesystemencoding().lower() in ("utf-8", "utf8") or os.environ.get("PYTHONUTF8") == "1":
        return
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    environ = {**os.environ, "PYTHONUTF8": "1", "PYTHONIOENCODING": f"{encoding}:replace"}
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environ)


if __name__ == "__main__":
    names_in_utf8()
    from workbench.cli import main

    sys.exit(main())
