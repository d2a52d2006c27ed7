"""The program that ends our children after a `kill -9` of this process, when nothing in it can."""

# Reads "+GROUP" and "-GROUP" lines; when our end of the pipe closes (we ended, or were killed) it ends what is left.
WATCHDOG = """
import os, signal, sys, time
alive = set()
for line in sys.stdin:
    (alive.add if line[0] == "+" else alive.discard)(int(line[1:]))
for number, pause in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 0)):
    for group in alive:
        try:
            os.killpg(group, number)
        except OSError:
            pass
    deadline = time.monotonic() + (pause if alive else 0)
    while time.monotonic() < deadline:
        time.sleep(0.05)
"""
