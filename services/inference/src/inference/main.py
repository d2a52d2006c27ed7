"""The command `inference`: serve until SIGTERM or SIGINT.

Every module is imported before the first argument is read, so that `--version` also proves that the stubs are there.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence

from inference.server import serving
from inference.settings import NAME, SettingsError, parse_settings, version_in

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog=NAME, description="InferenceService on GRPC_PORT, /healthz on PORT.")
    parser.add_argument("--version", action="store_true", help="print name and version, and exit")
    if parser.parse_args(arguments).version:
        print(NAME, version_in(os.environ))
        return 0
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        settings = parse_settings(os.environ)
    except SettingsError as error:
        print(f"{NAME}: {error}", file=sys.stderr)
        return 2
    # Blocked before the first thread starts, so that all threads inherit it and only sigwait sees these signals.
    stop_signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop_signals)
    try:
        with serving(settings) as ports:
            log.info("version %s serves HTTP on port %d and gRPC on port %d", settings.version, ports.http, ports.grpc)
            log.info("%s: stopping", signal.Signals(signal.sigwait(stop_signals)).name)
    except OSError as error:
        print(f"{NAME}: {error}", file=sys.stderr)
        return 1
    return 0
