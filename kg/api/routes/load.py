"""The routes /load and /jobs: files of any size, loaded by jobs."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import mkstemp

from fastapi import Request
from fastapi.responses import JSONResponse

from kg import formats
from kg.api.declarations import FLAG, REASON, SOURCE, Declaration, DeclaredParameter, Routes
from kg.api.load_jobs import GivenFile, LoadJobs
from kg.api.openapi_schemas import IRI, NUMBER, STRING, Schema, content, json_content, record
from kg.api.parameters import check_charset, flag, once, pieces
from kg.api.resources import AppResources, Resources
from kg.changes import Provenance
from kg.errors import BadInput, Forbidden
from kg.facts.loads.files import LoadFile
from kg.formats import RDF_FORMATS
from kg.iris import read_iri
from kg.store import disk_space
from kg.store.tokens import Role

_STATES = ("collecting", "waiting", "loading", "committing", "done", "failed", "cancelled", "interrupted")
_SCHEMAS: dict[str, Schema] = {
    "Job": record(
        {
            "job": STRING,
            "state": {"enum": list(_STATES)},
            "file": STRING,
            "files": {"type": "integer", "description": "How many files it has; 'file' is the first."},
            "by": STRING,
            "started": STRING,
            "triples": NUMBER,
            "share": {"type": "number", "description": "Fraction of the files read so far, up to 1."},
            "result": {"type": "object", "description": "Version, graphs, number of quads and warnings."},
            "problem": {"type": "object", "description": "The error, as in the answer of POST /facts."},
        },
        "result",
        "problem",
        description="A load, its progress and its result.",
    ),
}
router = Routes("load", "Files of any size, for admins.", _SCHEMAS)

_BY = DeclaredParameter("by", "The person on whose behalf the file is loaded.")
_GRAPH = DeclaredParameter("graph", "The graph for triples that the body does not put into a graph.", IRI)
_NAME = DeclaredParameter("name", "The name of the body in messages.")
_MORE = DeclaredParameter(
    "more", "With true, the job waits for another body, which belongs to the same commit.", FLAG
)
_JOB = DeclaredParameter("job", "The job to which the body belongs, if an earlier request began it.")
LOAD = Declaration(
    {202: json_content("Job")},
    (400, 401, 403, 404, 409, 415, 503, 507),
    parameters=(_GRAPH, _NAME, _MORE, _JOB, _BY, SOURCE, REASON),
    body=content(RDF_FORMATS.values()),
    headers=("Location",),
    needs_token=True,
)
JOB = Declaration({200: json_content("Job")}, (401, 403, 404), needs_token=True)
CANCEL = Declaration({200: json_content("Job")}, (401, 403, 404, 409), needs_token=True)


@router.declared("POST", "/load", LOAD)
async def load(request: Request, resources: AppResources) -> JSONResponse:
    """Load a body of any size, compressed or not, all or nothing; returns a job that reports its progress.

    The gate judges it as it judges facts, and it becomes one commit. The same body sent again adds nothing.
    For several files in one commit, send each but the last with more=true, and each but the first with the
    job of the first.
    """
    bearer = resources.tokens.identify(request.headers.get("authorization"), Role.ADMIN)
    parameters = LOAD.read_parameters(request)
    rdf_format = formats.from_content_type(request.headers.get("content-type"), RDF_FORMATS)
    check_charset(request)
    graph = once(parameters, "graph")
    by = Provenance(
        once(parameters, "by") or bearer,
        once(parameters, "source"),
        once(parameters, "reason"),
        is_admin=True,
    )
    jobs = _jobs(resources)
    name, has_more = once(parameters, "job"), flag(parameters, "more")
    if name is not None:
        jobs.require_collecting(name)
        if any(once(parameters, each) is not None for each in ("by", "source", "reason")):
            raise BadInput("The first body of a job says by whom, from where and why; leave it out here.")
    path = await _kept(pieces(request), jobs.folder)
    file = LoadFile(path, rdf_format, once(parameters, "name") or "the body")
    upload = GivenFile(file, read_iri(graph).value if graph else None)
    if name is None:
        name = jobs.start(upload, by, has_more=has_more)
    else:
        jobs.add(name, upload, has_more=has_more)
    return JSONResponse(jobs.state(name), 202, {"Location": f"{resources.root_path}jobs/{name}"})


@router.declared("GET", "/jobs/{job}", JOB)
async def job(request: Request, resources: AppResources, job: str) -> JSONResponse:
    """Return the progress of a load, or its result."""
    resources.tokens.identify(request.headers.get("authorization"), Role.ADMIN)
    JOB.read_parameters(request)
    state = _jobs(resources).state(job)
    if state["state"] == "done":
        resources.keep_tables()
    return JSONResponse(state, headers={"Cache-Control": "no-store"})


@router.declared("DELETE", "/jobs/{job}", CANCEL)
async def cancel_job(request: Request, resources: AppResources, job: str) -> JSONResponse:
    """Cancel a load that is not committed yet; nothing of it is stored."""
    resources.tokens.identify(request.headers.get("authorization"), Role.ADMIN)
    CANCEL.read_parameters(request)
    return JSONResponse(await _jobs(resources).cancel(job))


def _jobs(resources: Resources) -> LoadJobs:
    if resources.loads is None:
        raise Forbidden("This server is read-only: it was started with --read-only.")
    return resources.loads


async def _kept(body: AsyncIterator[bytes], folder: Path) -> Path:
    """Write a body to a file; if the body is cut off, leave no file."""
    descriptor, name = mkstemp(dir=folder, suffix=".body")
    path = Path(name)
    try:
        with open(descriptor, "wb") as file:
            async for piece in body:
                if file.tell() % disk_space.RESERVE < len(piece):
                    disk_space.require(folder, 4 * disk_space.RESERVE)
                file.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path
