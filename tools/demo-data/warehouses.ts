import { readCsv } from './files.ts'
import type { DemoWarehouse } from './model.ts'

type Place = Readonly<{
  code: string
  name: string
  seller: string | null
  country: string
  postalCode: string
  city: string
  timezone: string
}>

/** Shared houses have no seller; every seller may store there. */
const places: readonly Place[] = [
  place('US-EAST', 'New Jersey warehouse', 'US', '08810', 'Dayton', 'America/New_York'),
  place('US-CENTRAL', 'Tennessee warehouse', 'US', '38118', 'Memphis', 'America/Chicago'),
  place('US-WEST', 'Nevada warehouse', 'US', '89506', 'Reno', 'America/Los_Angeles'),
  place('DE-BER', 'Berlin warehouse', 'DE', '12529', 'Schönefeld', 'Europe/Berlin'),
  place('DE-RHE', 'Rhineland warehouse', 'DE', '47229', 'Duisburg', 'Europe/Berlin'),
  place('GB-MID', 'Midlands warehouse', 'GB', 'NN11', 'Daventry', 'Europe/London'),
  place('FR-PAR', 'Paris warehouse', 'FR', '77170', 'Brie-Comte-Robert', 'Europe/Paris'),
  {
    ...place(
      'GROCER-OH',
      'Grocer depot Cincinnati',
      'US',
      '45246',
      'Cincinnati',
      'America/New_York',
    ),
    seller: 'grocer',
  },
]

function place(
  ...[code, name, country, postalCode, city, timezone]: [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
): Place {
  return { code, name, seller: null, country, postalCode, city, timezone }
}

/**
 * The demo's warehouses with the coordinates of their postal codes. @throws if a postal code is
 * unknown
 */
export function buildWarehouses(source: string): readonly DemoWarehouse[] {
  const codes = readCsv(source, 'reference/postal_codes_geo.csv.gz')
  return places.map(({ code, name, seller, country, postalCode, city, timezone }) => {
    const known = codes.find((row) => row.country_code === country && row.zipcode === postalCode)
    if (known === undefined) throw new Error(`${country} ${postalCode} is not in the postal codes.`)
    const region = known.state_code ?? ''
    const [latitude, longitude] = [Number(known.latitude), Number(known.longitude)]
    const where = { country, region, postalCode, city, latitude, longitude, timezone }
    return { code, name, seller, ...where }
  })
}

export const warehousesByCountry: Readonly<Record<string, readonly string[]>> = {
  US: ['US-EAST', 'US-CENTRAL', 'US-WEST'],
  DE: ['DE-BER', 'DE-RHE'],
  GB: ['GB-MID'],
  FR: ['FR-PAR'],
}
