import type { SearchDocument } from '../engine/index.ts'
import { named } from '../engine/testing/documents.ts'

const withIdentifiers = named('sku', 'Thing')
/** A few products whose names are read in the ways of the trade. */
export const SHOP: readonly SearchDocument[] = [
  named('tv', 'Samsung LE-40B650 television 40"'),
  named('tv55', 'Sony Bravia TV 55 inch'),
  named('stand', 'TV stand for 55 in screens'),
  named('pods', 'Apple AirPods Pro'),
  named('pods2', 'Generic air pods case'),
  named('sofa-red', 'Sofa', { variants: [[option('colour', 'red')]], brand: 'Ikea' }),
  named('phone', 'Motorola Edge smartphone'),
  named('headphones', 'Wireless headphones'),
  named('headphone', 'Headphone stand'),
  named('drive', 'WD external hard drive 500GB'),
  named('cafe', 'Café Straße 15.6" mug'),
  {
    ...withIdentifiers,
    fields: { ...withIdentifiers.fields, identifiers: ['AB-1234', '4005808224326'] },
  },
]

/** What is asked for, and what has to come first. */
export const FINDS: readonly (readonly [text: string, best: string])[] = [
  ['le40b650', 'tv'],
  ['LE 40B650', 'tv'],
  ['tv 55"', 'tv55'],
  ['tv 55 in stand', 'stand'],
  ['airpods pro', 'pods'],
  ['air pods pro', 'pods'],
  ['headphone wireless', 'headphones'],
  ['500 gb drive', 'drive'],
  ['hard-drive', 'drive'],
  ['cafe strasse', 'cafe'],
  ['15.6 in', 'cafe'],
  ['AB1234', 'sku'],
  ['4005808224326', 'sku'],
  ['couch', 'sofa-red'],
  ['cell phone', 'phone'],
]

export function option(name: string, value: string) {
  return { name, value }
}
