import { type Html, html, raw } from '@stoa/html'
import { type ApiDocument, byTag, type Endpoint, example, inWords, type Schema } from './model.ts'

/** The whole API on one page: no script, links to every operation and schema, print and search by the browser. */
export function referencePage(document: ApiDocument): string {
  const groups = byTag(document)
  const { info } = document
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} API ${info.version}</title>
<link rel="stylesheet" href="/api/reference.css">
</head>
<body>
<nav aria-label="Operations">
<p class="brand"><a href="/">${info.title}</a> API ${info.version}</p>
${groups.map(
  ([tag, endpoints]) =>
    html`<h2>${tag}</h2><ul>${endpoints.map(
      ({ method, operation }) =>
        html`<li><a href="#${operation.operationId}"><b class="${method.toLowerCase()}">${method}</b> ${operation.operationId}</a></li>`,
    )}</ul>`,
)}
<h2>Schemas</h2><ul>${Object.keys(document.components.schemas).map((name) => html`<li><a href="#schema-${name}">${name}</a></li>`)}</ul>
</nav>
<main>
<h1>${info.title} API</h1>
<p>${info.description} The machine-readable description is <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
${groups.map(([tag, endpoints]) => html`<h2 class="tag" id="tag-${tag}">${tag}</h2>${endpoints.map((endpoint) => operationSection(endpoint, document))}`)}
<h2 class="tag">Schemas</h2>
${Object.entries(document.components.schemas).map(
  ([name, schema]) =>
    html`<section id="schema-${name}"><h3>${name}</h3>${schema.description ? html`<p>${schema.description}</p>` : ''}${propertiesTable(schema)}</section>`,
)}
</main>
</body>
</html>`.text
}

function operationSection({ method, path, operation }: Endpoint, document: ApiDocument): Html {
  const body = operation.requestBody?.content['application/json']?.schema
  const { schemas } = document.components
  return html`<section id="${operation.operationId}">
<h3><b class="${method.toLowerCase()}">${method}</b> <code>${path}</code></h3>
<p>${operation.summary}. <small>${operation.description}</small></p>
${operation.parameters.length > 0 ? parametersTable(operation.parameters) : ''}
${body ? html`<h4>Body${operation.requestBody?.required ? '' : ' (may be left out)'}</h4>${body.$ref ? typeLink(body) : propertiesTable(body)}` : ''}
<h4>Answers</h4>
<table><tbody>${Object.entries(operation.responses).map(([status, { description, content }]) => {
    const schema = content?.['application/json']?.schema
    return html`<tr><th scope="row">${status}</th><td>${schema ? typeLink(schema) : ''} ${problemLines(description)}</td></tr>`
  })}</tbody></table>
<details><summary>Example</summary><pre>${curl(method, path, operation, body, schemas)}</pre></details>
</section>`
}

function parametersTable(parameters: Endpoint['operation']['parameters']): Html {
  return html`<table><thead><tr><th>Parameter</th><th>In</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${parameters.map(
    (parameter) =>
      html`<tr><th scope="row"><code>${parameter.name}</code>${parameter.required ? html` <i>required</i>` : ''}</th><td>${parameter.in}</td><td>${typeLink(parameter.schema)}</td><td>${parameter.description ?? ''}</td></tr>`,
  )}</tbody></table>`
}

function propertiesTable(schema: Schema): Html {
  const properties = Object.entries(schema.properties ?? {})
  if (properties.length === 0) return html`<p><code>${inWords(schema)}</code></p>`
  return html`<table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${properties.map(
    ([name, property]) =>
      html`<tr><th scope="row"><code>${name}</code>${schema.required?.includes(name) ? html` <i>required</i>` : ''}</th><td>${typeLink(property)}</td><td>${property.description ?? ''}</td></tr>`,
  )}</tbody></table>`
}

function typeLink(schema: Schema): Html {
  const target = schema.$ref ?? schema.items?.$ref
  const words = inWords(schema)
  return target
    ? html`<a href="#schema-${target.split('/').at(-1) as string}">${words}</a>`
    : html`<code>${words}</code>`
}

/** Problem codes come as lines of `code`: title. */
function problemLines(description: string): Html {
  const lines = description.split('\n\n')
  if (!lines[0]?.startsWith('`')) return html`${description}`
  return raw(lines.map((line) => html`${line.replaceAll('`', '')}`.text).join('<br>'))
}

function curl(
  method: string,
  path: string,
  operation: Endpoint['operation'],
  body: Schema | undefined,
  schemas: ApiDocument['components']['schemas'],
): string {
  const keyed = operation.parameters.some((parameter) => parameter.name === 'Idempotency-Key')
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}http://localhost:3000${path}`,
    ...(operation.security ? ["  -H 'authorization: Bearer KEY'"] : []),
    ...(keyed ? ["  -H 'idempotency-key: one-per-intention'"] : []),
    ...(body
      ? [
          "  -H 'content-type: application/json'",
          `  -d '${JSON.stringify(example(body, schemas), null, 2)}'`,
        ]
      : []),
  ].join(' \\\n')
}
