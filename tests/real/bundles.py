"""Scripts of pages that import the packed TypeScript SDK, bundled as their authors would."""

from __future__ import annotations

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

from sdks import TS_PACKAGE, TS_SDK, Sdks

# Imports that a bundler is to leave as they are, so that it can be seen which there are.
NODE_IMPORTS = "node:*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The text of a bundle, the paths of the modules in it, and the names of what it still imports."""

    text: str
    modules: frozenset[str]
    imports: frozenset[str]


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who writes pages in `folder`, where nothing but the packed SDK and what it depends on is installed."""

    sdks: Sdks
    folder: Path

    def install(self) -> None:
        checkout, modules = self.sdks.checkout, self.folder / "node_modules"
        (archive,) = (checkout.root / "dist/npm/ts").glob("*.tgz")
        package = modules / TS_PACKAGE
        package.parent.mkdir(parents=True)
        with tarfile.open(archive) as opened:
            opened.extractall(self.folder / "unpacked", filter="data")
        (self.folder / "unpacked/package").rename(package)
        manifest = json.loads((package / "package.json").read_text(encoding="utf-8"))
        for name in (*manifest["dependencies"], *manifest.get("peerDependencies", ())):
            link = modules / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(checkout.root / TS_SDK / "node_modules" / name)

    def bundle(self, script: str, *options: str) -> Bundle:
        """As ES module for browsers. The bundler itself refuses what no browser has, unless `options` allow it."""
        (self.folder / "script.mjs").write_text(script, encoding="utf-8")
        out, meta = self.folder / "out/page.js", self.folder / "meta.json"
        argv = ("esbuild", "script.mjs", "--bundle", "--format=esm", "--platform=browser", *options)
        self.sdks.run((*argv, f"--outfile={out}", f"--metafile={meta}", "--log-level=warning"), cwd=self.folder)
        graph = json.loads(meta.read_text(encoding="utf-8"))
        imports = [each["path"] for output in graph["outputs"].values() for each in output["imports"]]
        return Bundle(
            text=out.read_text(encoding="utf-8"), modules=frozenset(graph["inputs"]), imports=frozenset(imports)
        )
