// What users of npm's SPARQL clients do, against one server; prints what each got, as JSON.
// KG_NODE_CLIENTS names the folder where they are installed.

import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'

const { KG_NODE_CLIENTS, KG_ROOT, KG_TOKEN, KG_GRAPH, KG_SELECT, KG_ASK, KG_CONSTRUCT } = process.env
const require = createRequire(`${KG_NODE_CLIENTS}/package.json`)
const load = async (name) => import(pathToFileURL(require.resolve(name)))
const basic = `Basic ${Buffer.from(`any:${KG_TOKEN}`).toString('base64')}`
const size = (subject) => `<http://example.org/${subject}> <http://example.org/size> 9`
const insert = (subject) => `INSERT DATA { GRAPH <${KG_GRAPH}-of-updates> { ${size(subject)} } }`
const ask = (subject) => `ASK { GRAPH <${KG_GRAPH}-of-updates> { ${size(subject)} } }`

const all = async (stream) => {
  const found = []
  for await (const each of stream) found.push(each)
  return found
}

const status = async (work) => {
  try {
    await work()
    return 'done'
  } catch (fault) {
    return String(fault.message).match(/\b40[0-9]\b/)?.[0] ?? String(fault)
  }
}

async function fetchSparqlEndpoint () {
  const { SparqlEndpointFetcher } = require('fetch-sparql-endpoint')
  const query = `${KG_ROOT}sparql`
  const found = {}
  for (const method of ['GET', 'POST', 'QUERY']) {
    const client = new SparqlEndpointFetcher({ method })
    const triples = await all(await client.fetchTriples(query, KG_CONSTRUCT))
    found[method] = {
      names: (await all(await client.fetchBindings(query, KG_SELECT))).map((row) => row.n.value),
      ask: await client.fetchAsk(query, KG_ASK),
      triples: triples.map((triple) => triple.object.value)
    }
  }
  const parameters = new URLSearchParams({ timeout: '30000', infer: 'true' })
  const beside = new SparqlEndpointFetcher({ additionalUrlParams: parameters })
  const writer = new SparqlEndpointFetcher({ defaultHeaders: new Headers({ authorization: basic }) })
  await writer.fetchUpdate(`${KG_ROOT}update`, insert('comunica'))
  return {
    ...found,
    beside: await beside.fetchAsk(query, KG_ASK),
    written: await beside.fetchAsk(query, ask('comunica')),
    refused: await status(() => beside.fetchUpdate(`${KG_ROOT}update`, insert('no')))
  }
}

async function sparqlHttpClient () {
  const { default: ParsingClient } = await load('sparql-http-client/ParsingClient.js')
  const { default: StreamClient } = await load('sparql-http-client/StreamClient.js')
  const places = { endpointUrl: `${KG_ROOT}sparql`, updateUrl: `${KG_ROOT}update`, storeUrl: `${KG_ROOT}graphs` }
  const writer = { ...places, user: 'any', password: KG_TOKEN }
  const found = {}
  for (const operation of ['get', 'postUrlencoded', 'postDirect']) {
    const client = new ParsingClient(writer)
    const triples = await client.query.construct(KG_CONSTRUCT, { operation })
    found[operation] = {
      names: (await client.query.select(KG_SELECT, { operation })).map((row) => row.n.value),
      ask: await client.query.ask(KG_ASK, { operation }),
      triples: [...triples].map((triple) => triple.object.value)
    }
  }
  const client = new StreamClient(writer)
  await client.query.update(insert('zazuko'))
  const { factory, store } = client
  const graph = factory.namedNode(`${KG_GRAPH}-of-node`)
  const term = (name) => factory.namedNode(`http://example.org/${name}`)
  const quads = ['one', 'two'].map((name) => factory.quad(term(name), term('name'), factory.literal('Ñ', 'es')))
  await store.put(Readable.from([quads[0]]), { graph })
  await store.post(Readable.from([quads[1]]), { graph })
  const reader = new StreamClient(places)
  return {
    ...found,
    written: await reader.query.ask(ask('zazuko')),
    stored: (await all(store.get(graph))).map((quad) => `${quad.subject.value} ${quad.object.value}`).sort(),
    refused: await status(() => reader.query.update(insert('no'))),
    closed: await status(() => reader.store.put(Readable.from(quads), { graph }))
  }
}

console.log(JSON.stringify({
  fetchSparqlEndpoint: await fetchSparqlEndpoint(),
  sparqlHttpClient: await sparqlHttpClient()
}))
