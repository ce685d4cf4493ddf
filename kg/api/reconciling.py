"""Reconciliation requests: candidates come from the index, property values from a reader."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from fastapi import Request

from kg.api import answering
from kg.api.resources import Resources
from kg.errors import JSON, QueryKilled
from kg.query.job import QueryJob
from kg.query.reconciliation import manifest, values
from kg.query.reconciliation.candidates import (
    Candidate,
    as_result,
    candidates,
    of_entries,
    things_named,
    weighed,
)
from kg.query.reconciliation.reading import ExtensionQuery, ReconciliationQuery
from kg.query.reconciliation.values import Values
from kg.query.search.index import SearchIndex

MOST_NAMED = 2_000
"""Maximum number of things, among property values, whose names are looked up."""


async def reconciled(
    request: Request, resources: Resources, queries: Mapping[str, ReconciliationQuery], lang: str
) -> dict[str, JSON]:
    """Answer a batch of queries within the time limit of one query; raises BadInput and QueryKilled."""
    limit = resources.settings.query_seconds
    try:
        async with asyncio.timeout(limit):
            return await answering.unless_gone(request, _reconciled(request, resources, queries, lang))
    except TimeoutError:
        raise QueryKilled(f"The batch took longer than {limit:g} seconds; send fewer queries.") from None


async def _reconciled(
    request: Request, resources: Resources, queries: Mapping[str, ReconciliationQuery], lang: str
) -> dict[str, JSON]:
    found = {name: await _candidates(request, resources, query, lang) for name, query in queries.items()}
    things = {each.hit.iri for name, query in queries.items() if query.conditions for each in found[name]}
    properties = {each.property for query in queries.values() for each in query.conditions}
    property_values = await _values(request, resources, things, properties)
    entries = await resources.search.look_up(_things_in(property_values), lang) if property_values else {}
    return {
        name: as_result(weighed(found[name], query, property_values, entries))
        for name, query in queries.items()
    }


async def extended(
    request: Request, resources: Resources, query: ExtensionQuery, lang: str
) -> dict[str, JSON]:
    """Answer a data extension query."""
    properties = {each.iri for each in query.properties}
    property_values = await _values(request, resources, set(query.ids.values()), properties)
    entries = await resources.search.look_up(_things_in(property_values), lang)
    return values.extended(query, property_values, entries, await resources.search.look_up(properties, lang))


async def proposed(request: Request, resources: Resources, class_iri: str) -> list[str]:
    """Return the properties (IRIs) that the shapes define for things of a class."""
    return values.read_things(await _answer(request, resources, manifest.proposal_job(class_iri)))


async def _candidates(
    request: Request, resources: Resources, query: ReconciliationQuery, lang: str
) -> list[Candidate]:
    if query.text.strip() or not query.conditions:
        return await resources.search.read(partial(_find, query, lang))
    texts = {value for each in query.conditions for value in each.values if isinstance(value, str)}
    things_by_name = {
        text: await resources.search.read(partial(_named, text, lang)) for text in sorted(texts)
    }
    answer = await _answer(request, resources, values.finding_job(query.conditions, things_by_name))
    entries = await resources.search.look_up(values.read_things(answer), lang)
    return of_entries(entries.values(), query)


async def _values(request: Request, resources: Resources, things: set[str], properties: set[str]) -> Values:
    if not things or not properties:
        return {}
    job = values.job_of(sorted(things), sorted(properties))
    return await asyncio.to_thread(values.read_values, await _answer(request, resources, job))


async def _answer(request: Request, resources: Resources, job: QueryJob) -> bytes:
    answer = await answering.fresh(resources, job, answering.client_of(request, resources))
    return await answer.read()


def _things_in(property_values: Values) -> list[str]:
    """Return the things among values, up to the limit."""
    things = dict.fromkeys(
        value.text for found in property_values.values() for value in found if value.is_iri
    )
    return list(things)[:MOST_NAMED]


def _find(query: ReconciliationQuery, lang: str, index: SearchIndex) -> list[Candidate]:
    return candidates(index, query, lang)


def _named(text: str, lang: str, index: SearchIndex) -> list[str]:
    return things_named(index, text, lang)
