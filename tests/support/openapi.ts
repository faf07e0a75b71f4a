type Json = Record<string, unknown>

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

const members = (value: unknown): [string, Json][] =>
  Object.entries((value ?? {}) as Record<string, Json>)

/** What is wrong with an OpenAPI 3.1 document, in words; empty if its structure holds. */
export function openApiFaults(document: object): string[] {
  const root = document as Json
  const faults = faultsOfReferences(root, root, '#')
  if (!/^3\.1\.\d$/.test(String(root['openapi']))) faults.push('openapi is not 3.1')
  const info = (root['info'] ?? {}) as Json
  if (!info['title'] || !info['version']) faults.push('info lacks its title or version')
  const operationIds = new Set<string>()
  for (const [path, item] of members(root['paths'])) {
    if (!/^\/(?:[\w.-]+|\{\w+\})?(?:\/(?:[\w.-]+|\{\w+\}))*$/.test(path))
      faults.push(`${path} is no path`)
    for (const [method, operation] of members(item)) {
      const name = `${method} ${path}`
      if (!METHODS.includes(method)) faults.push(`${name}: no such method`)
      const id = String(operation['operationId'])
      if (operationIds.has(id)) faults.push(`${name}: a second ${id}`)
      operationIds.add(id)
      faults.push(...faultsOfOperation(root, path, operation).map((fault) => `${name}: ${fault}`))
    }
  }
  for (const [name] of members((root['components'] as Json | undefined)?.['schemas'])) {
    if (!/^[\w.-]+$/.test(name)) faults.push(`${name} is no name of a component`)
  }
  return faults
}

function faultsOfOperation(root: Json, path: string, operation: Json): string[] {
  const faults: string[] = []
  const parameters = (operation['parameters'] ?? []) as Json[]
  const names = parameters.map((one) => `${one['in']} ${one['name']}`)
  if (new Set(names).size !== names.length) faults.push('a parameter stands twice')
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => `path ${match[1]}`)
  for (const name of inPath) if (!names.includes(name)) faults.push(`${name} is not declared`)
  for (const parameter of parameters) {
    const name = `${parameter['in']} ${parameter['name']}`
    if (!parameter['schema']) faults.push(`${name} has no schema`)
    if (parameter['in'] !== 'path') continue
    if (!inPath.includes(name)) faults.push(`${name} is not in the path`)
    if (parameter['required'] !== true) faults.push(`${name} is not required`)
  }
  const responses = members(operation['responses'])
  if (responses.length === 0) faults.push('no responses')
  for (const [status, response] of responses) {
    if (!/^[1-5]\d\d$/.test(status)) faults.push(`${status} is no status`)
    if (typeof response['description'] !== 'string') faults.push(`${status} is not described`)
    faults.push(...faultsOfContent(response['content']).map((fault) => `${status} ${fault}`))
  }
  const body = operation['requestBody'] as Json | undefined
  if (body && members(body['content']).length === 0) faults.push('a request body of no type')
  faults.push(...faultsOfContent(body?.['content']))
  const schemes = ((root['components'] as Json | undefined)?.['securitySchemes'] ?? {}) as Json
  for (const demand of (operation['security'] ?? []) as Json[])
    for (const scheme of Object.keys(demand))
      if (!schemes[scheme]) faults.push(`${scheme} is unknown`)
  return faults
}

function faultsOfContent(content: unknown): string[] {
  return members(content).flatMap(([type, media]) =>
    media['schema'] ? [] : [`${type} has no schema`],
  )
}

function faultsOfReferences(root: Json, value: unknown, place: string): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === '$ref' && typeof member === 'string') {
      return resolves(root, member) ? [] : [`${place}: ${member} leads nowhere`]
    }
    if (key === '$defs') return [`${place}: definitions belong in components`]
    return faultsOfReferences(root, member, `${place}/${key}`)
  })
}

function resolves(root: Json, reference: string): boolean {
  if (!reference.startsWith('#/')) return false
  let found: unknown = root
  for (const part of reference.slice(2).split('/')) {
    found = (found as Json | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return typeof found === 'object'
}
