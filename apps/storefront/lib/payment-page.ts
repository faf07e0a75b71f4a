import { type AssetSource, type Assets, integrityOf } from './assets.ts'

/**
 * What the payment page may run, and under which policy: each script with the reason why it is there and the hash of
 * its bytes (PCI DSS 4.0.1, 6.4.3). `payment-page.json` is the list that was looked at; what is served is compared
 * with it (11.6.1).
 */
export type PaymentPage = Readonly<{
  scripts: readonly Readonly<{ source: string; reason: string; integrity: string }>[]
  /** The provider's, whose bytes are its own duty; it runs the card fields in a frame of its own origin. */
  provider: Readonly<{ path: string; reason: string }>
  /** Directives of Content-Security-Policy; hashes of styles left out, the provider's origin as {provider}. */
  policy: Readonly<Record<string, string>>
  /** Further headers that must be as they are. */
  headers: Readonly<Record<string, string>>
}>

const REASONS: Partial<Record<AssetSource, string>> = {
  'islands/shop.ts': 'The frame of every page: search box, menus, number of lines in the cart',
  'islands/checkout.ts':
    "Checks of the address form, and the provider's card fields, which give a token back",
}
const PROVIDER = {
  path: '/v1/fields.js',
  reason: 'Card fields in a frame of the provider: the shop never sees a card number',
}
const KEPT_HEADERS = ['x-content-type-options', 'referrer-policy', 'cross-origin-opener-policy']

/** A page as it was served. */
export type ServedPage = Readonly<{ html: string; headers: Readonly<Record<string, string>> }>

/** The list as it is now, from the bundled scripts and a page with its headers. */
export function describePaymentPage(
  assets: Assets,
  { headers }: Pick<ServedPage, 'headers'>,
  provider: string | null,
): PaymentPage {
  return {
    scripts: Object.entries(REASONS).map(([source, reason]) => ({
      source,
      reason,
      integrity: assets.integrity(source),
    })),
    provider: PROVIDER,
    policy: readPolicy(headers['content-security-policy'] ?? '', provider),
    headers: Object.fromEntries(KEPT_HEADERS.map((name) => [name, headers[name] ?? ''])),
  }
}

function readPolicy(text: string, provider: string | null): Record<string, string> {
  const directives = text.split(';').map((directive) => directive.trim().split(/\s+/))
  // Where a browser tells what was stopped is not what stops it.
  const guarding = directives.filter(([name]) => name !== 'report-to')
  return Object.fromEntries(
    guarding.map(([name = '', ...sources]) => [
      name,
      sources
        .filter((source) => !(name === 'style-src' && source.startsWith("'sha256-")))
        .map((source) => (source === provider ? '{provider}' : source))
        .join(' '),
    ]),
  )
}

/**
 * What is not as it was looked at, in sentences; empty: nothing.
 * @param bytesOf reads a script of the page by its address.
 */
export async function changesOf(
  expected: PaymentPage,
  page: ServedPage,
  {
    bytesOf,
    provider,
  }: Readonly<{ bytesOf(address: string): Promise<Uint8Array>; provider: string | null }>,
): Promise<string[]> {
  const changes = [...policyChanges(expected, page, provider)]
  const missing = new Map(expected.scripts.map(({ source, integrity }) => [integrity, source]))
  for (const [, attributes = '', body = ''] of page.html.matchAll(SCRIPTS)) {
    const address = attribute(attributes, 'src')
    if (address === undefined) {
      changes.push(`A script stands in the page itself: ${body.trim().slice(0, 60)}`)
      continue
    }
    const integrity = integrityOf(await bytesOf(address))
    if (attribute(attributes, 'integrity') !== integrity)
      changes.push(`${address} is not held to its hash by the page`)
    if (!missing.delete(integrity))
      changes.push(`${address} is not in the list, or was changed: ${integrity}`)
  }
  for (const source of missing.values()) changes.push(`${source} of the list is not on the page`)
  if (/\son[a-z]+\s*=\s*["']/i.test(page.html))
    changes.push('The page has a handler in an attribute')
  return changes
}

const SCRIPTS = /<script\b([^>]*)>([\s\S]*?)<\/script/gi

function attribute(attributes: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1]
}

function* policyChanges(expected: PaymentPage, page: ServedPage, provider: string | null) {
  const policy = readPolicy(page.headers['content-security-policy'] ?? '', provider)
  for (const name of new Set([...Object.keys(expected.policy), ...Object.keys(policy)])) {
    const listed = expected.policy[name]
    const wanted = provider ? listed : withoutProvider(listed)
    const found = policy[name]
    if (found !== wanted)
      yield `The policy's ${name} is ${found ?? 'missing'}, not ${wanted ?? 'in the list'}`
  }
  for (const [name, wanted] of Object.entries(expected.headers)) {
    const found = page.headers[name] ?? ''
    if (found !== wanted) yield `The header ${name} is "${found}", not "${wanted}"`
  }
}

/** A shop without a provider frames nothing. */
function withoutProvider(sources: string | undefined): string | undefined {
  return sources === '{provider}' ? "'none'" : sources?.replace(' {provider}', '')
}
