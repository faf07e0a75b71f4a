import { Admin } from '@platformatic/kafka'

/** How Kafka is reached, and under which names. */
export type KafkaLine = Readonly<{
  /** `host:port` each. */
  brokers: readonly string[]
  /** Topics and groups begin with it and a dot. */
  prefix: string
  /** Of each topic that is made. One aggregate's events are in one partition. */
  partitions: number
}>

/** Given to every client. What a broker does not answer in this time is tried again by us. */
export function clientOptions({ brokers, prefix }: KafkaLine) {
  return {
    clientId: prefix,
    bootstrapBrokers: [...brokers],
    connectTimeout: 3_000,
    timeout: 5_000,
    retries: 1,
    retryDelay: 250,
    autocreateTopics: false,
  }
}

/** The topic of an event: one for each module. */
export function topicOf({ prefix }: KafkaLine, type: string): string {
  return `${prefix}.${type.split('.', 1)[0]}`
}

const MISSING = 'UNKNOWN_TOPIC_OR_PARTITION'

/**
 * Makes the topics that are not there.
 * @returns a name of the cluster and its topics: another one after they were wiped.
 */
export async function prepareTopics(
  line: KafkaLine,
  eventTypes: readonly string[],
): Promise<string> {
  const topics = [...new Set(eventTypes.map((type) => topicOf(line, type)))].sort()
  const admin = new Admin(clientOptions(line))
  try {
    const known = new Set(await admin.listTopics())
    const missing = topics.filter((topic) => !known.has(topic))
    if (missing.length > 0) {
      const { partitions } = line
      await admin.createTopics({ topics: missing, partitions, replicas: -1 }).catch((error) => {
        if (!hasCode(error, 'TOPIC_ALREADY_EXISTS')) throw error
      })
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { id, topics: found } = await admin.metadata({ topics, forceUpdate: true })
        return [id, ...topics.map((topic) => found.get(topic)?.id)].join(' ')
      } catch (error) {
        // A topic that was made a moment ago may not have reached every broker.
        if (attempt >= 20 || !hasCode(error, MISSING)) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  } finally {
    await admin.close().catch(() => {})
  }
}

/** Whether the broker answered with this code of the protocol, somewhere within the error. */
function hasCode(error: unknown, code: string): boolean {
  if (!(error instanceof Error)) return false
  const { apiId, errors = [] } = error as { apiId?: string; errors?: unknown[] }
  return apiId === code || errors.some((one) => hasCode(one, code)) || hasCode(error.cause, code)
}
