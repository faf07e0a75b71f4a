import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

type Options = Readonly<Record<string, unknown>>
type Marks = Readonly<{ isVerified?: boolean; origin?: string; counter?: number }>

/** What browsers call flags (Web Authentication, 6.1): present, verified, may be backed up, is, key included. */
const FLAGS = { present: 1, verified: 4, eligible: 8, backedUp: 16, hasKey: 64 } as const

/** An authenticator with one discoverable key, made of software: for tests without a browser. */
export function createAuthenticator({ origin }: Readonly<{ origin: string }>) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' })
  const credentialId = randomBytes(32)
  const id = credentialId.toString('base64url')
  let counter = 0
  let userHandle: string | undefined

  function clientData(type: string, challenge: unknown, from: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: from, crossOrigin: false }))
  }

  function authenticatorData(marks: Marks, more?: Buffer): Buffer {
    counter = marks.counter ?? counter + 1
    const flags =
      FLAGS.present |
      FLAGS.eligible |
      FLAGS.backedUp |
      (marks.isVerified === false ? 0 : FLAGS.verified) |
      (more ? FLAGS.hasKey : 0)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    const place = createHash('sha256').update(new URL(origin).hostname).digest()
    return Buffer.concat([place, Buffer.from([flags]), count, more ?? Buffer.alloc(0)])
  }

  return {
    id,
    /** What `navigator.credentials.create` would give. */
    create(options: Options, marks: Marks = {}) {
      userHandle = (options['user'] as { id: string }).id
      const key = cborMap([
        [cborInt(1), cborInt(2)],
        [cborInt(3), cborInt(-7)],
        [cborInt(-1), cborInt(1)],
        [cborInt(-2), cborBytes(Buffer.from(jwk.x ?? '', 'base64url'))],
        [cborInt(-3), cborBytes(Buffer.from(jwk.y ?? '', 'base64url'))],
      ])
      const length = Buffer.from([0, credentialId.length])
      const data = authenticatorData(
        marks,
        Buffer.concat([Buffer.alloc(16), length, credentialId, key]),
      )
      const attestation = cborMap([
        [cborText('fmt'), cborText('none')],
        [cborText('attStmt'), cborMap([])],
        [cborText('authData'), cborBytes(data)],
      ])
      const client = clientData('webauthn.create', options['challenge'], marks.origin ?? origin)
      return {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: client.toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
        clientExtensionResults: {},
      }
    },
    /** What `navigator.credentials.get` would give. */
    get(options: Options, marks: Marks = {}) {
      const client = clientData('webauthn.get', options['challenge'], marks.origin ?? origin)
      const data = authenticatorData(marks)
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
      return {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: createSign('sha256').update(signed).sign(privateKey).toString('base64url'),
          userHandle,
        },
        clientExtensionResults: {},
      }
    },
  }
}

/** CBOR (RFC 8949), as far as it is needed here. */
function cborHead(major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([(major << 5) | count])
  if (count < 256) return Buffer.from([(major << 5) | 24, count])
  return Buffer.from([(major << 5) | 25, count >> 8, count & 255])
}
const cborInt = (value: number) => (value >= 0 ? cborHead(0, value) : cborHead(1, -value - 1))
const cborBytes = (bytes: Buffer) => Buffer.concat([cborHead(2, bytes.length), bytes])
const cborText = (text: string) => Buffer.concat([cborHead(3, text.length), Buffer.from(text)])
const cborMap = (entries: readonly (readonly [Buffer, Buffer])[]) =>
  Buffer.concat([cborHead(5, entries.length), ...entries.flat()])
