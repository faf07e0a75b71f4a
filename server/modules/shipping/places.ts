import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

export type Place = Readonly<{ latitude: number; longitude: number }>

/** Where a postal code lies, if it is known. */
export type Locate = (country: string, postalCode: string) => Place | undefined

/** One country: codes as numbers in order, and two coordinates for each; 16 bytes a code. */
type Atlas = Readonly<{ codes: Float64Array; coordinates: Float32Array }>

/**
 * Places of postal codes (GeoNames), read at the first question. A code that is not in the file is
 * where its neighbour with the same beginning is.
 */
export function createLocator(referenceFolder: string): Locate {
  let atlases: ReadonlyMap<string, Atlas> | undefined
  return (country, postalCode) => {
    atlases ??= readAtlases(join(referenceFolder, 'postal_codes_geo.csv.gz'))
    const atlas = atlases.get(country)
    const code = atlas && areaOf(country, postalCode)
    return code ? find(atlas, code) : undefined
  }
}

/** Letters of a code that the file has: the outward part in GB, the first three in CA. */
function areaOf(country: string, postalCode: string): string {
  const code = postalCode.toUpperCase().replace(/[^0-9A-Z]/g, '')
  if (country === 'GB') return code.length > 4 ? code.slice(0, -3) : code
  if (country === 'CA') return code.slice(0, 3)
  return code.slice(0, country in DIGITS ? DIGITS[country] : WIDTH)
}

/** Digits of a code, without an extension (US) or a bulk office (FR). */
const DIGITS: Readonly<Record<string, number>> = { US: 5, FR: 5, DE: 5 }
const WIDTH = 8

/** A code as a number that sorts like its text: eight digits of base 37, empty places lowest. */
function pack(code: string): number {
  let packed = 0
  for (let place = 0; place < WIDTH; place += 1) {
    packed =
      packed * 37 + (place < code.length ? Number.parseInt(code[place] as string, 36) + 1 : 0)
  }
  return packed
}

/** How many of the first characters two packed codes share. */
function sharedLength(a: number, b: number): number {
  let shared = WIDTH
  for (let [x, y] = [a, b]; x !== y; shared -= 1) {
    x = Math.floor(x / 37)
    y = Math.floor(y / 37)
  }
  return shared
}

/** A neighbour must begin with as many of the same characters to stand in for a code. */
const SAME_AREA = 2

function find({ codes, coordinates }: Atlas, code: string): Place | undefined {
  const wanted = pack(code)
  let low = 0
  let high = codes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((codes[middle] as number) < wanted) low = middle + 1
    else high = middle
  }
  const nearest = [low, low - 1]
    .filter((at) => at >= 0 && at < codes.length)
    .map((at) => ({ at, shared: sharedLength(codes[at] as number, wanted) }))
    .reduce<{ at: number; shared: number } | undefined>(
      (best, next) => (best && best.shared >= next.shared ? best : next),
      undefined,
    )
  if (!nearest || nearest.shared < Math.min(SAME_AREA, code.length)) return undefined
  return {
    latitude: coordinates[nearest.at * 2] as number,
    longitude: coordinates[nearest.at * 2 + 1] as number,
  }
}

/** Lines of country_code,zipcode,place,state_code,latitude,longitude; only `place` may be quoted. */
function readAtlases(file: string): ReadonlyMap<string, Atlas> {
  const byCountry = new Map<string, Map<number, readonly [number, number]>>()
  const text = gunzipSync(readFileSync(file)).toString()
  for (let from = text.indexOf('\n') + 1; from > 0 && from < text.length; ) {
    const end = text.indexOf('\n', from)
    const line = text.slice(from, end < 0 ? text.length : end).trimEnd()
    from = end < 0 ? text.length : end + 1
    if (line === '') continue
    const [country, zipcode] = line.split(',', 2) as [string, string]
    const [latitude, longitude] = line.split(',').slice(-2).map(Number) as [number, number]
    const codes = byCountry.get(country) ?? new Map<number, readonly [number, number]>()
    byCountry.set(country, codes)
    const code = pack(areaOf(country, zipcode))
    // A code with several places is at the first of them: they lie close together.
    if (!codes.has(code) && Number.isFinite(latitude)) codes.set(code, [latitude, longitude])
  }
  return new Map([...byCountry].map(([country, codes]) => [country, toAtlas(codes)]))
}

function toAtlas(places: ReadonlyMap<number, readonly [number, number]>): Atlas {
  const codes = Float64Array.from(places.keys()).sort()
  const coordinates = new Float32Array(codes.length * 2)
  codes.forEach((code, at) => {
    coordinates.set(places.get(code) ?? [], at * 2)
  })
  return { codes, coordinates }
}
