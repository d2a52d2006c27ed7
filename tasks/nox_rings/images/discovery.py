"""The images of a workspace: its Dockerfiles, what each is named, built in and reads."""

from __future__ import annotations

from collections.abc import Iterator

from nox_rings.ecosystems.model import BUILD_FOLDERS
from nox_rings.engine.paths import hyphenated, joined, short_names
from nox_rings.engine.patterns import glob_regex, parse_ignore_file
from nox_rings.images.dockerfile.instructions import DockerfileError
from nox_rings.images.dockerfile.model import VERSION_ARGUMENT, Dockerfile, parse_dockerfile
from nox_rings.workspace.config import Config
from nox_rings.workspace.model import ImageFile, ImageVariant
from nox_rings.workspace.sources import Sources, folder_of


def find_images(sources: Sources, config: Config) -> Iterator[ImageFile]:
    """One image a folder and variant; two release Dockerfiles in one folder are a problem that names both."""
    folders = sorted({folder_of(path) for path in sources.files if path.rpartition("/")[2].startswith("Dockerfile")})
    names = short_names(folders)
    for folder in folders:
        for variant, candidates in (
            (ImageVariant.DEV, config.dev_dockerfiles),
            (ImageVariant.RELEASE, config.release_dockerfiles),
        ):
            present = [path for name in candidates if (path := joined(folder, name)) in sources.known]
            if len(present) > 1:
                sources.add_problem(
                    present[0], f"{folder}: found {' and '.join(present)}, expected one {variant} Dockerfile"
                )
            elif present and (parsed := _parsed(sources, present[0])):
                yield _image(sources, config, present[0], parsed, names[folder], variant)


def _parsed(sources: Sources, path: str) -> Dockerfile | None:
    try:
        return parse_dockerfile(_text(sources, path), given=(VERSION_ARGUMENT,))
    except DockerfileError as error:
        sources.add_problem(path, f"{path}:{error.line}: found text that is no Dockerfile ({error.reason})")
        return None


def _text(sources: Sources, path: str) -> str:
    """With line ends as they are. Builders read bytes, so text that is not UTF-8 is theirs to refuse."""
    return (sources.root / path).read_bytes().decode("utf-8", "replace")


def _image(
    sources: Sources, config: Config, path: str, parsed: Dockerfile, name: str, variant: ImageVariant
) -> ImageFile:
    context = config.contexts.get(hyphenated(name)) or _context(sources, path, parsed)
    return ImageFile(
        dockerfile=path,
        name=hyphenated(name),
        variant=variant,
        context=context,
        sources=tuple(dict.fromkeys(joined(context, source.lstrip("/")) for _, source in parsed.copies)),
        bases=parsed.bases,
        base_lines=parsed.base_lines,
        build_args=parsed.build_args,
        ignore=_ignore_patterns(sources, path, context),
    )


def _context(sources: Sources, path: str, parsed: Dockerfile) -> str:
    """The Dockerfile's own folder when everything it copies lies there, else the root; a source found in neither is
    a problem."""
    folder = folder_of(path)
    missing: dict[str, list[tuple[int, str]]] = {
        context: [copy for copy in parsed.copies if not _exists(sources, joined(context, copy[1].lstrip("/")))]
        for context in (folder, ".")
    }
    best = min((folder, "."), key=lambda context: len(missing[context]))
    for line, source in missing[best]:
        where = "the root" if best == folder == "." else f"{folder} or in the root"
        sources.add_problem(path, f"{path}:{line}: found `{source}` copied, expected it in {where}")
    return best


def _exists(sources: Sources, path: str) -> bool:
    """Whether it is there, or will be once the member it belongs to is built."""
    parts = path.split("/")
    built = next((index for index, part in enumerate(parts) if part in BUILD_FOLDERS), None)
    if built is not None:
        return sources.has_folder("/".join(parts[:built]) or ".")
    if any(character in path for character in "*?["):
        regex = glob_regex(path)
        return any(regex.fullmatch("/".join(each.split("/")[: path.count("/") + 1])) for each in sources.files)
    return sources.has_folder(path) or (sources.root / path).exists()


def _ignore_patterns(sources: Sources, dockerfile: str, context: str) -> tuple[str, ...]:
    """`NAME.dockerignore` beside the Dockerfile wins over the context's .dockerignore."""
    for candidate in (f"{dockerfile}.dockerignore", joined(context, ".dockerignore")):
        if candidate in sources.known:
            return parse_ignore_file(_text(sources, candidate))
    return ()
