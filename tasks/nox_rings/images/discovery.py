"""The images of a workspace: its Dockerfiles, what each is named, built in and reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nox_rings.engine.paths import is_under, joined
from nox_rings.engine.patterns import is_ignored, parse_ignore_file
from nox_rings.images.builds.bake.targets import find_bake_builds
from nox_rings.images.builds.compose.project import find_compose_builds
from nox_rings.images.builds.contexts import ContextFinder, in_context
from nox_rings.images.builds.files import (
    begins_like_one,
    is_builds_file,
    is_dockerfile,
    is_sure,
    is_template,
    spellings,
)
from nox_rings.images.builds.local import with_local_bases
from nox_rings.images.builds.model import Build, read_descriptor, remedy
from nox_rings.images.builds.names import unique_names
from nox_rings.images.builds.plan import PlannedImage, plan_images, roles_of, without_replaced
from nox_rings.images.dockerfile.instructions import DockerfileError, Instruction
from nox_rings.images.dockerfile.model import (
    NO_TRIGGERS,
    VERSION_ARGUMENT,
    Dockerfile,
    Triggers,
    parse_dockerfile,
)
from nox_rings.workspace.config import TABLE, Config, ImageConfig, one_of
from nox_rings.workspace.model import ImageFile, ImageVariant
from nox_rings.workspace.sources import Sources, folder_of

NO_IMAGE_CONFIG = ImageConfig()
INVALID = Dockerfile(bases=(), copies=(), build_args=())


def find_images(sources: Sources, config: Config) -> tuple[ImageFile, ...]:
    """Every Dockerfile is at least one image, and every way to build it that a file of the workspace names."""
    existing = tuple(_existing(sources, config, (*find_compose_builds(sources), *find_bake_builds(sources))))
    builds = tuple(without_replaced(existing))
    configured = tuple(_configured(sources, config))
    dockerfiles = _dockerfiles(sources, config, (*configured, *builds))
    planned = tuple(plan_images(dockerfiles, (*configured, *builds), config))
    _tell_beside(sources, dockerfiles, config)
    names = unique_names([each.wish for each in planned])
    finder = ContextFinder(sources)
    images = [_image(sources, config, finder, each, name) for each, name in zip(planned, names, strict=True)]
    _add_problems_of_builds(sources, [each.dockerfile for each in planned if not each.builds])
    keys: dict[str, tuple[ImageVariant, str]] = {}
    for each, image in zip(planned, images, strict=True):
        for build in each.builds:
            keys[build.key] = (image.variant, image.name)
            keys.setdefault(build.replaces, keys[build.key])
    linked = with_local_bases(sources, images, keys, frozenset(config.bases))
    triggered = _with_triggers(sources, config, finder, tuple(zip(planned, images, linked, strict=True)))
    return with_local_bases(sources, triggered, keys, frozenset(config.bases)) if triggered else linked


def _with_triggers(
    sources: Sources, config: Config, finder: ContextFinder, images: Sequence[tuple[PlannedImage, ImageFile, ImageFile]]
) -> list[ImageFile]:
    """Images that start from others with ONBUILD instructions read what those copy, too. Each is given before and after
    it was linked to its bases, and comes back to be linked. Empty where there are no such instructions."""
    by_key = {(image.variant, image.name): image for _, image, _ in images}
    known: dict[tuple[ImageVariant, str], tuple[Instruction, ...]] = {}
    found = []
    for planned, image, linked in images:
        brought = {}
        for base in linked.starts_from:
            key = (base.variant, base.name)
            if key not in known:
                other = by_key[key]
                known[key] = _parsed(sources, other.dockerfile, dict(other.args)).triggers_of(other.stage)
            brought[base.reference] = known[key]
        changed = any(brought.values())
        found.append(_image(sources, config, finder, planned, image.name, brought) if changed else image)
    return found if any(known.values()) else []


def _add_problems_of_builds(sources: Sources, dockerfiles: Sequence[str]) -> None:
    """A compose or bake file that cannot be read may say how any image below its folder is built: of those that no
    other one describes nobody knows."""
    for path, problems in [*sources.problems.items()]:
        if is_builds_file(path.rpartition("/")[2]):
            for dockerfile in dockerfiles:
                if is_under(dockerfile, folder_of(path)):
                    for problem in problems:
                        sources.add_problem(dockerfile, problem)


def _dockerfiles(sources: Sources, config: Config, builds: Sequence[Build]) -> tuple[str, ...]:
    names = frozenset(spellings((*config.dev_dockerfiles, *config.release_dockerfiles)))
    found = {build.dockerfile for build in builds}
    for path in sources.files:
        name = path.rpartition("/")[2]
        if name in names or (
            is_dockerfile(name) and (is_sure(name) or begins_like_one(read_descriptor(sources, path) or ""))
        ):
            found.add(path)
        elif is_template(name):
            sources.pass_over(path, "a template of a Dockerfile", "")
    return tuple(sorted(found))


def _existing(sources: Sources, config: Config, builds: Sequence[Build]) -> Iterator[Build]:
    """Those whose Dockerfile git lists, whatever it is called and whatever folder hides it."""
    listed = frozenset(sources.listed) | sources.known
    for build in builds:
        if is_ignored(build.dockerfile, config.ignore):
            continue
        file, way_round = build.origin.partition(":")[0], remedy(build.name, "dockerfile")
        if build.dockerfile not in listed:
            sources.pass_over(file, f"{build.origin}: found no {build.dockerfile} among the files of git", way_round)
        else:
            yield build


def _configured(sources: Sources, config: Config) -> Iterator[Build]:
    for name, image in config.images.items():
        if image.dockerfile in sources.known or image.dockerfile in sources.listed:
            yield Build(
                origin=f"{TABLE}.images.{name}",
                key=f"pyproject.toml#{name}",
                name=name,
                dockerfile=image.dockerfile,
                context=joined(".", image.context) if image.context else "",
                stage=image.target,
                args=tuple(sorted(image.args.items())),
                configured=True,
            )


def _tell_beside(sources: Sources, dockerfiles: Sequence[str], config: Config) -> None:
    for path, role in roles_of(dockerfiles, config).items():
        if role.beside:
            name = role.beside.rpartition("/")[2]
            reason = f"{path}: {name} is the {role.variant} Dockerfile of its folder, so this one is another image"
            sources.pass_over(path, reason, f"[tool.nox-rings] {role.variant}-dockerfiles")


def _image(
    sources: Sources,
    config: Config,
    finder: ContextFinder,
    planned: PlannedImage,
    name: str,
    triggers: Triggers = NO_TRIGGERS,
) -> ImageFile:
    """`triggers` are the ONBUILD instructions of bases that are images of the workspace."""
    said = planned.builds[0] if planned.builds else None
    own = config.images.get(name, NO_IMAGE_CONFIG)
    path = planned.dockerfile
    args = {key: value for key, value in (said.args if said else ()) if key != VERSION_ARGUMENT} | dict(own.args)
    parsed = _parsed(sources, path, args, triggers)
    stage = own.target or (said.stage if said else "")
    if stage and parsed.stages and not parsed.has_stage(stage):
        names = [each.name for each in parsed.stages if each.name]
        missing = f"found {stage}, which is no stage of {path}, expected {one_of(names)}"
        if own.target:
            sources.add_problem(path, f"{TABLE}.images.{name}.target: {missing}")
        elif said:
            sources.pass_over(path, f"{said.origin}: {missing}", remedy(name, "target"))
    context = joined(".", own.context) if own.context else said.context if said else ""
    context = context or finder.find(path, parsed.copies)
    bases = parsed.needed_bases(stage)
    return ImageFile(
        dockerfile=path,
        name=name,
        variant=planned.variant,
        context=context,
        sources=tuple(dict.fromkeys(in_context(context, source) for _, source in parsed.copies)),
        bases=tuple(bases),
        base_lines=tuple(bases.values()),
        build_args=parsed.build_args,
        ignore=_ignore_patterns(sources, path, context),
        stage=stage,
        args=tuple(sorted(args.items())),
        passed_args=tuple(each for each in (said.passed_args if said else ()) if each not in args),
        contexts=said.contexts if said else (),
        tags=tuple(dict.fromkeys(tag for build in planned.builds for tag in build.tags)),
        optional=planned.optional,
        proof=own.proof_command,
    )


def _parsed(sources: Sources, path: str, args: dict[str, str], triggers: Triggers = NO_TRIGGERS) -> Dockerfile:
    """A Dockerfile that builds refuse is an image that cannot be built."""
    try:
        text = sources.loose_text(path)
        return parse_dockerfile(text, given=(VERSION_ARGUMENT,), values=args, triggers=triggers)
    except DockerfileError as error:
        sources.add_problem(path, f"{path}:{error.line}: found text that is no Dockerfile ({error.reason})")
    except OSError as error:
        sources.add_problem(path, f"{path}: found no file that can be read ({error.strerror}), expected a Dockerfile")
    return INVALID


def _ignore_patterns(sources: Sources, dockerfile: str, context: str) -> tuple[str, ...]:
    """`NAME.dockerignore` beside the Dockerfile wins over the context's .dockerignore. One that git does not list may
    change unseen, so nothing is taken for ignored by it."""
    for candidate in (f"{dockerfile}.dockerignore", joined(context, ".dockerignore")):
        if candidate in sources.known:
            return parse_ignore_file(read_descriptor(sources, candidate) or "")
        if sources.exists(candidate):
            return ()
    return ()
