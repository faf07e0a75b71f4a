import { createHash } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import type { MediaStore } from './store.ts'

export type S3Settings = Readonly<{
  /** `https://s3.eu-central-1.amazonaws.com`, or another's that speaks the same protocol. */
  endpoint: string
  region: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
}>

const DEADLINE_MS = 10_000
const RETRIES = 2

/** Masters in a bucket of a store that speaks S3; the bucket's name stands in the path. */
export function createS3Store({ endpoint, bucket, ...keys }: S3Settings): MediaStore {
  const client = new AwsClient({ ...keys, service: 's3', retries: RETRIES })
  const base = `${endpoint.replace(/\/+$/, '')}/${bucket}/media`

  async function call(key: string, init: RequestInit): Promise<Response> {
    return client.fetch(`${base}/${key}`, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) })
  }

  return {
    async put(key, bytes) {
      // The signature then covers the bytes too.
      const digest = createHash('sha256').update(bytes).digest('hex')
      const headers = { 'content-type': 'application/octet-stream', 'x-amz-content-sha256': digest }
      const reply = await call(key, { method: 'PUT', body: new Uint8Array(bytes), headers })
      if (!reply.ok) throw await fault(reply, 'keep')
    },
    async get(key) {
      const reply = await call(key, {})
      if (reply.status === 404) return undefined
      if (!reply.ok) throw await fault(reply, 'give')
      return Buffer.from(await reply.arrayBuffer())
    },
    async remove(key) {
      const reply = await call(key, { method: 'DELETE' })
      if (!reply.ok && reply.status !== 404) throw await fault(reply, 'remove')
    },
  }
}

async function fault(reply: Response, verb: string): Promise<Error> {
  const code = /<Code>(\w{1,60})<\/Code>/.exec(await reply.text())?.[1]
  return new Error(`The picture store does not ${verb} a picture: ${reply.status} ${code ?? ''}`)
}
