import type { Synonym } from '../types.ts'

/** Words for the same goods that any English-speaking shop meets; a start for a shop's own table. */
export const PRODUCT_SYNONYMS: readonly Synonym[] = [
  { from: 'laptop', to: ['notebook'] },
  { from: 'tv', to: ['television'] },
  { from: 'cell phone', to: ['mobile phone', 'smartphone'] },
  { from: 'cellphone', to: ['mobile phone', 'smartphone'] },
  { from: 'smartphone', to: ['smart phone', 'mobile phone'], oneWay: true },
  { from: 'tablet', to: ['tablet computer'], oneWay: true },
  { from: 'desktop', to: ['desktop computer'], oneWay: true },
  { from: 'earphone', to: ['earbud', 'in ear headphone'] },
  { from: 'fridge', to: ['refrigerator'] },
  { from: 'couch', to: ['sofa'] },
  { from: 'grey', to: ['gray'] },
  { from: 'colour', to: ['color'] },
  { from: 'sneaker', to: ['trainer'] },
  { from: 'pants', to: ['trousers'] },
  { from: 'flash drive', to: ['usb stick', 'memory stick', 'pen drive'], oneWay: true },
  { from: 'hard drive', to: ['hard disk', 'hdd'] },
  { from: 'ssd', to: ['solid state drive'] },
  { from: 'mousepad', to: ['mouse pad', 'mouse mat'] },
  { from: 'cord', to: ['cable'] },
  { from: 'playstation 4', to: ['ps4'] },
  { from: 'playstation 5', to: ['ps5'] },
  { from: 'vacuum', to: ['hoover'] },
  { from: 'router', to: ['wifi router'], oneWay: true },
]
