import type { Taxonomy } from '../taxonomy.ts'
import type { IcecatAttributes } from './attributes.ts'
import { type CategoryRule, icecatRules } from './categories.ts'
import { icecatMachineRules } from './categories-more.ts'
import { icecatPhrases } from './category-phrases.ts'
import { icecatRemainders } from './category-remainders.ts'

export type Described = Readonly<{ title: string; type: string; attributes: IcecatAttributes }>

/** Where the title says nothing, the kind of attributes often does. */
const attributeRules: readonly (readonly [keys: RegExp, path: string])[] = [
  [
    /black_toner_page_yield|colour_toner_page_yield|ink_type|colour_ink_volume|cartridge_capacity/,
    'Toner & Inkjet Cartridges',
  ],
  [/labels_per_(pack|sheet)/, 'Labels & Tags'],
  [/ac_outlets_quantity/, 'Power Strips & Surge Suppressors'],
  [/output_power_capacity|backup_time/, 'Power > UPS'],
  [/fiber_mode_structure/, 'Network Cables'],
  [/cable_shielding|cable_standard/, 'Ethernet Cables'],
  [/print_speed|printing_technology/, 'Printers, Copiers & Fax Machines'],
  [/processor_socket.*processor_cores|processor_cores.*processor_socket/, 'Computer Processors'],
  [/headphone_sensitivity|ear_coupling/, 'Headphones'],
  [/display_diagonal.*response_time|response_time.*display_diagonal/, 'Computer Monitors'],
  [/hdd_speed|hdd_capacity/, 'Hard Drives'],
  [/rack_capacity/, 'Computer Racks & Mounts'],
  [/cable_length|connector_1/, 'Electronics Accessories > Cables'],
  [/print_technology|printing_colours|page_yield/, 'Toner & Inkjet Cartridges'],
  [/battery_capacity/, 'Power > Batteries'],
  [/rack|ethernet/, 'Electronics > Networking'],
]

/** Computers, telephones and printers name their parts; so they are known before any part is. */
const wholeMachines: readonly CategoryRule[] = [
  [
    /\bnotebook\b.*\d cm \(.*(pixels|intel|amd)|hybrid \(2-in-1\)|chromebook .*cm|netbook .*cm/,
    'Laptops',
  ],
  [
    /\b(thinkbook|thinkpad|ideapad|elitebook|probook|vivobook|zenbook|zbook)\b.*\d+ gb.*(ssd|hdd)/,
    'Laptops',
  ],
  [/(notebook|laptop) pc\b/, 'Laptops'],
  [/thin client/, 'Thin Client Computers'],
  [/server (intel|amd)|poweredge|proliant.*gb|primergy/, 'Computer Servers'],
  [/\d cm \(.*(core|athlon|celeron|ryzen|pentium|turion|atom)\b.*\d gb/, 'Laptops'],
  [/(core|athlon|celeron|ryzen|pentium|xeon)\b.*\d gb.*(ddr|sdram).*\d gb/, 'Desktop Computers'],
  [
    /(ddr\d?l?-sdram|gb ddr\d).*(ssd|hdd).*(windows|workstation|\bpc\b|tower|desktop|server)/,
    'Desktop Computers',
  ],
  [/pc\/workstation|all-in-one (pc|workstation)/, 'Desktop Computers'],
  [/(sim|4g|5g|lte)\b.*\b\d{4} ?mah\b|android.*\d{4} mah/, 'Mobile & Smart Phones'],
  [/galaxy tab|tablet.*wi-fi|\btab m\d/, 'Tablet Computers'],
  [/\b(lga ?\d{3,4}|socket [a-z0-9]+)\b.*\b(atx|itx)\b/, 'Motherboards'],
  [/\d{3,4} x \d{3,4} dpi.*\bppm\b/, 'Printers, Copiers & Fax Machines'],
  [/\bsonicare|toothbrush/, 'Oral Care > Toothbrushes'],
  [/back-ups|smart-ups|smart(pro|online).*\bups\b/, 'Power > UPS'],
]

/** Sorts a product into the taxonomy: its title's words decide, then the kind of its attributes. */
export function createIcecatClassifier(taxonomy: Taxonomy): (product: Described) => string {
  const resolve = ([words, path]: CategoryRule) => [words, taxonomy.find(path)] as const
  const byWords = [...icecatPhrases, ...wholeMachines, ...icecatRules, ...icecatMachineRules].map(
    resolve,
  )
  const byKeys = attributeRules.map(resolve)
  const remainders = icecatRemainders.map(resolve)
  const rest = taxonomy.find('Electronics')
  return ({ title, type, attributes }) => {
    const text = `${title} ${type}`.toLowerCase()
    const word = byWords.find(([words]) => words.test(text))
    if (word !== undefined) return word[1]
    const keys = [attributes.text, attributes.number, attributes.boolean]
      .flatMap((group) => Object.keys(group ?? {}))
      .join(' ')
    const byKey = byKeys.find(([pattern]) => pattern.test(keys))
    const remainder = remainders.find(([words]) => words.test(text))
    return remainder?.[1] ?? byKey?.[1] ?? rest
  }
}
