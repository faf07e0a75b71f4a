import type { AttributeValue } from '../model.ts'
import { capitalize, toPlainText } from '../text.ts'
import { toReadableMeasure, unitOf } from './units.ts'

export type IcecatAttributes = Readonly<{
  text?: Readonly<Record<string, string>>
  number?: Readonly<Record<string, number>>
  boolean?: Readonly<Record<string, boolean>>
}>

const longest = 120
const most = 20

/** What concerns packers, customs, labs and the source's own bookkeeping rather than shoppers. */
const noise = new RegExp(
  [
    'pack(age|ag|ing)|pallet|carton|(outer|inner|master|shipping)_|intermodal|_case_|tare',
    'gross|_net_',
    'imperial|_uk_|harmonized|unspsc|oem_code|ark_id|last_change|images_type_map|conflict_free',
    'stepping|vid_voltage|die_(size|trans)|die_transistors|born_on|launch_date|embedded_options',
    'electromagnetic|safety|retail_only|hp_segment|product_(name|family|series|codename)',
    'minimum_order',
    'storage_(temperature|relative)|non_operating|operating_(altitude|shock|vibration)',
    'acoustic_power',
    'power_requirements|i_o_ports|driver_updates|downloadable|media_sizes_supported|custom_media',
    'cpu_multiplier|bus_type_units|processor_code$|processor_package_size|idle_states|fsb_parity',
    'thermal_monitoring|execute_disable|demand_based|halt_state|quantity_(per_box|inner|outer)',
    'certificate|certification|compliance|standards_compl|physical_address|scalability|tcase',
    'print_margin|maximum_dimensions|dimensions__wxdxh|^size$|^capacity$|^quantity$|^frequency$',
    '^drivers_included|^manual$|^box$|quick_start|^status$|^market_segment|^bus_',
    'minimum_system|^platform$|_url$|^url',
  ].join('|'),
)

const words: Readonly<Record<string, string>> = {
  usb: 'USB',
  hdmi: 'HDMI',
  vga: 'VGA',
  dvi: 'DVI',
  lan: 'LAN',
  wlan: 'WLAN',
  led: 'LED',
  lcd: 'LCD',
  ac: 'AC',
  dc: 'DC',
  cpu: 'CPU',
  tdp: 'TDP',
  hdd: 'HDD',
  hdds: 'HDDs',
  ssd: 'SSD',
  ssds: 'SSDs',
  pci: 'PCI',
  raid: 'RAID',
  sata: 'SATA',
  esata: 'eSATA',
  ecc: 'ECC',
  ups: 'UPS',
  awg: 'AWG',
  ram: 'RAM',
  cd: 'CD',
  dvd: 'DVD',
  tv: 'TV',
  hd: 'HD',
  gps: 'GPS',
  nfc: 'NFC',
  ip: 'IP',
  poe: 'PoE',
  rms: 'RMS',
  snr: 'SNR',
  mtbf: 'MTBF',
  mac: 'MAC',
  os: 'OS',
  oem: 'OEM',
  a0: 'A0',
  a3: 'A3',
  a4: 'A4',
  a9: 'A9',
  b0: 'B0',
  b9: 'B9',
  iso: 'ISO',
  jis: 'JIS',
  dpi: 'DPI',
  cas: 'CAS',
  dimm: 'DIMM',
  intel: 'Intel',
  windows: 'Windows',
  linux: 'Linux',
  bluetooth: 'Bluetooth',
  vesa: 'VESA',
  hdcp: 'HDCP',
  ethernet: 'Ethernet',
  kensington: 'Kensington',
  tpm: 'TPM',
  '3d': '3D',
  ps: 'PS',
  nvidia: 'NVIDIA',
  amd: 'AMD',
  ieee: 'IEEE',
  us: 'US',
}

const phrases: readonly (readonly [RegExp, string])[] = [
  [/usb 3 2 gen (\d) 3 1 gen \1 type ([ac])/g, 'USB 3.2 Gen $1 Type-$2'],
  [/usb (\d) (\d)/g, 'USB $1.$2'],
  [/wi fi/g, 'Wi-Fi'],
  [/rj (\d+)/g, 'RJ-$1'],
  [/d sub/g, 'D-Sub'],
  [/dvi ([di])\b/g, 'DVI-$1'],
  [/ps 2\b/g, 'PS/2'],
  [/a4 us letter/g, 'A4/Letter'],
  [/on off/g, 'on/off'],
  [/built in/g, 'built-in'],
  [/on board/g, 'on-board'],
  [/connector s\b/g, 'connectors'],
  [/speaker s\b/g, 'speakers'],
  [/alarm s\b/g, 'alarms'],
  [/black white/g, 'black and white'],
]

function renameTokens(text: string): string {
  let name = text.replaceAll('_', ' ').replace(/\s+/g, ' ').trim()
  for (const [pattern, replacement] of phrases) name = name.replace(pattern, replacement)
  return name
    .split(' ')
    .map((word) => words[word] ?? word)
    .join(' ')
    .replace(/Type-([ac])/g, (_, letter: string) => `Type-${letter.toUpperCase()}`)
}

const renamed: Readonly<Record<string, string>> = {
  product_colour: 'Colour',
  colour: 'Colour printing',
  type: 'Type',
  product_type: 'Product type',
  connector_s_: 'Connectors',
  dimensions__wxdxh_: 'Dimensions (W × D × H)',
  display_diagonal: 'Screen size',
  operating_temperature__t_t_: 'Operating temperature (°C)',
  operating_relative_humidity__h_h_: 'Operating humidity (%)',
  awg_wire_size: 'Wire size (AWG)',
  usb_3_2_gen_1__3_1_gen_1__type_a_ports_quantity: 'USB 3.2 Gen 1 Type-A ports',
  usb_3_2_gen_1__3_1_gen_1__type_c_ports_quantity: 'USB 3.2 Gen 1 Type-C ports',
  usb_3_2_gen_2__3_1_gen_2__type_c_ports_quantity: 'USB 3.2 Gen 2 Type-C ports',
  intel__turbo_boost_technology: 'Intel Turbo Boost Technology',
  intel__hyper_threading_technology__intel__ht_technology_: 'Intel Hyper-Threading',
  rohs_compliance: 'RoHS compliant',
}

/** `thermal_design_power__tdp_` becomes "Thermal design power (TDP)". */
export function toAttributeName(key: string): string {
  const known = renamed[key]
  if (known !== undefined) return known
  const bracket = /^(.+?)__(.+?)_(?:_(.+))?$/.exec(key)
  if (bracket === null) return capitalize(renameTokens(key))
  const [, before = '', inside = '', after = ''] = bracket
  const inner = inside.split('__').map(renameTokens).join(', ')
  const name = `${renameTokens(before)} (${inner}) ${renameTokens(after)}`
  return capitalize(name.replace('s quantity', 's').trim())
}

function isNoise(key: string): boolean {
  return noise.test(key) && renamed[key] === undefined
}

/** Text as shoppers should see it; undefined if there is nothing to see. */
export function toAttributeText(raw: string): AttributeValue | undefined {
  const text = toPlainText(raw).replace(/^[-–•*]\s*/, '')
  if (text === 'Y' || text === 'N') return text === 'Y'
  if (text === '' || /^(n\/?a|none|null|\?|-+|not specified)$/i.test(text)) return undefined
  const parts = text.split(/,(?=\S)/)
  const isList = parts.length > 1 && parts.every((part) => part.length <= 40 && part.trim() !== '')
  if (isList && !/^\d+,\d+$/.test(text)) return [...new Set(parts.map((part) => part.trim()))]
  return text.length > longest ? undefined : text
}

/** "cyan,photo black" is "Cyan,Photo black": so that one colour is one choice. */
function capitalizeWords(raw: string): string {
  return raw
    .split(',')
    .map((part) => capitalize(part.trim()))
    .join(',')
}

function toNumber(key: string, value: number): AttributeValue {
  const unit = unitOf(key, value)
  return unit === undefined ? value : toReadableMeasure(value, unit)
}

/** Every attribute that a shopper may want, by the source's key. */
export function readAttributes(source: IcecatAttributes): Map<string, AttributeValue> {
  const found = new Map<string, AttributeValue>()
  for (const [key, raw] of Object.entries(source.text ?? {})) {
    const isCode = (key === 'product_type' || key === 'type') && /^\d+$/.test(raw)
    const text = key.includes('colour') ? capitalizeWords(raw) : raw
    const value = isNoise(key) || isCode ? undefined : toAttributeText(text)
    if (value !== undefined) found.set(key, value)
  }
  for (const [key, value] of Object.entries(source.number ?? {})) {
    if (!isNoise(key) && Number.isFinite(value) && value !== 0) found.set(key, toNumber(key, value))
  }
  for (const [key, value] of Object.entries(source.boolean ?? {})) {
    if (!isNoise(key)) found.set(key, value)
  }
  return found
}

/**
 * At most 20, those first that most products of the category have: so that neighbours can be
 * compared.
 */
export function chooseAttributes(
  found: ReadonlyMap<string, AttributeValue>,
  commonness: ReadonlyMap<string, number>,
): Record<string, AttributeValue> {
  const weight = (key: string) => (commonness.get(key) ?? 0) * (found.get(key) === false ? 0.5 : 1)
  const keys = [...found.keys()].toSorted((a, b) => weight(b) - weight(a) || (a < b ? -1 : 1))
  const chosen: Record<string, AttributeValue> = {}
  for (const key of keys.slice(0, most)) chosen[toAttributeName(key)] = found.get(key) ?? ''
  return chosen
}
