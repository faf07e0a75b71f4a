import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { allEvents } from '../contracts/events.ts'
import type { EventSpec } from '../contracts/kit/event.ts'

const ROOT = join(import.meta.dirname, '..')

/** Names under which contracts export their events, by type. */
async function exportedNames(): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const module of new Set(allEvents.map(({ type }) => type.split('.')[0] as string))) {
    const exported: Record<string, unknown> = await import(
      join(ROOT, 'contracts', module, 'events.ts')
    )
    for (const [name, value] of Object.entries(exported)) {
      const { type } = (value ?? {}) as Partial<EventSpec>
      if (typeof type === 'string') names.set(type, name)
    }
  }
  return names
}

/** Which modules react to which events, as their sources say. */
function readersOf(names: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, Set<string>>()
  const folder = join(ROOT, 'server/modules')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const file of files.filter((name) => /\.ts$/.test(name) && !/\.test\.ts$/.test(name))) {
    const text = readFileSync(join(folder, file), 'utf8')
    for (const [type, name] of names) {
      const reads = new RegExp(
        `isEvent\\(${name}\\b|events: \\[[^\\]]*\\b${name}\\b|\\b${name}\\.type\\b`,
      )
      if (reads.test(text)) {
        const known = readers.get(type) ?? new Set()
        readers.set(type, known.add(file.split(/[\\/]/)[0] as string))
      }
    }
  }
  return new Map([...readers].map(([type, modules]) => [type, [...modules].sort()]))
}

type Schema = Readonly<{
  type?: string | string[]
  enum?: unknown[]
  items?: Schema
  properties?: Readonly<Record<string, Schema>>
  required?: string[]
  anyOf?: Schema[]
  const?: unknown
  description?: string
}>

/** A schema in few words: `text`, `whole number`, `list of {…}`. */
function words(schema: Schema): string {
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ')
  if (schema.anyOf) return schema.anyOf.map(words).join(' or ')
  if (schema.type === 'array') return `list of ${words(schema.items ?? {})}`
  if (schema.type === 'object') return `{ ${members(schema).join('; ')} }`
  if (schema.type === 'integer') return 'whole number'
  return schema.type === 'string' ? 'text' : String(schema.type ?? 'any')
}

function members({ properties = {}, required = [] }: Schema): string[] {
  return Object.entries(properties).map(([name, schema]) => {
    const mark = required.includes(name) ? '' : '?'
    return `\`${name}${mark}\` ${words(schema)}`
  })
}

/** `docs/events.md`: every event with its key, its readers and its schema. */
export async function eventsDocument(): Promise<string> {
  const readers = readersOf(await exportedNames())
  const rows = allEvents.map((spec) => {
    const schema = z.toJSONSchema(spec.payload, { io: 'output' }) as Schema
    const told = readers.get(spec.type)?.join(', ') ?? '–'
    return `### \`${spec.type}\`
${spec.summary}. Key: the ${spec.aggregate}'s id. Read by: ${told}.
${members(schema)
  .map((member) => `- ${member}`)
  .join('\n')}
`
  })
  return `${INTRODUCTION}\n${rows.join('\n')}`
}

const INTRODUCTION = `# Events

Made by \`npm run generate\` from the contracts; a test says when it is not current.

A module tells what has happened, in the transaction of the change (\`platform/events/outbox.ts\`). The version is the last
part of the type; a released version never changes. An envelope is \`{ id, position, type, aggregateId, payload, headers,
createdAt }\`; \`aggregateId\` is the key: events of one key come in the order of their changes, and may come twice (the id is
the same then). What fails again and again is parked with its reason: \`stoa events parked\`, \`stoa events return\`.

**Kafka.** With \`KAFKA_BROKERS\` all events are copied there, at least once: a topic a module (\`stoa.orders\`), the message's key
the aggregate's id, its value the envelope as JSON with \`schemaVersion\`, its headers \`type\` and \`id\`. With
\`EVENTS_FROM=kafka\` the modules take their own events from there, in groups named after their consumers. The relay's place is
kept for each cluster: one that is new, or was wiped, is given the last seven days again, which inboxes know for fourteen.
`
