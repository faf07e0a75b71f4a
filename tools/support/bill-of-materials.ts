type Locked = Readonly<{
  name?: string
  version?: string
  integrity?: string
  license?: string
  dev?: boolean
  link?: boolean
  optional?: boolean
}>

type LockFile = Readonly<{
  name: string
  version: string
  packages: Readonly<Record<string, Locked>>
}>

/**
 * Every package of a lock file that is not for development alone, as CycloneDX 1.6. `npm sbom` leaves out packages that
 * a tool for development also names as its peer.
 */
export function billOfMaterials({ name, version, packages }: LockFile) {
  const components = Object.entries(packages)
    .filter(([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link)
    .map(([path, locked]) => componentOf(locked.name ?? path.split('node_modules/').at(-1), locked))
  const byReference = new Map(components.map((one) => [one['bom-ref'], one]))
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': `${name}@${version}`, name, version },
    },
    components: [...byReference.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1)),
  }
}

function componentOf(name: string | undefined, locked: Locked) {
  const { version, integrity, license, optional } = locked
  if (!name || !version) throw new Error(`The lock file has no version of ${name}`)
  const [algorithm = '', hash = ''] = integrity?.split('-', 2) ?? []
  const hex = Buffer.from(hash, 'base64').toString('hex')
  return {
    type: 'library' as const,
    'bom-ref': `${name}@${version}`,
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    scope: optional ? ('optional' as const) : ('required' as const),
    ...(hex ? { hashes: [{ alg: algorithm.replace('sha', 'SHA-'), content: hex }] } : {}),
    ...(license ? { licenses: [{ license: { name: license } }] } : {}),
  }
}
