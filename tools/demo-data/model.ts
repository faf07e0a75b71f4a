/** Whole minor units. */
export type DemoMoney = Readonly<{ amount: number; currency: string }>

export type Measure = Readonly<{ value: number; unit: string }>

export type AttributeValue = string | number | boolean | readonly string[] | Measure

export type DemoCategory = Readonly<{
  id: string
  code: string
  name: string
  parent: string | null
  slug: string
}>

export type DemoSeller = Readonly<{
  code: string
  name: string
  country: string
  department?: string
  demo: true
  /** Shares of orders in [0, 1]. */
  performance: Readonly<{ orderDefectRate: number; lateShipmentRate: number; cancelRate: number }>
}>

export type DemoWarehouse = Readonly<{
  code: string
  name: string
  seller: string | null
  country: string
  region: string
  postalCode: string
  city: string
  latitude: number
  longitude: number
  timezone: string
}>

export type DemoOffer = Readonly<{
  seller: string
  sku: string
  condition: 'new' | 'used' | 'refurbished'
  price: DemoMoney
  salePrice?: DemoMoney
  /** Pieces by warehouse code. */
  stock: Readonly<Record<string, number>>
}>

export type DemoVariant = Readonly<{
  sku: string
  name?: string
  gtin?: string
  options?: Readonly<Record<string, string>>
  weightGrams?: number
  dimensionsMm?: readonly [number, number, number]
  offers: readonly DemoOffer[]
}>

export type DemoProduct = Readonly<{
  ref: string
  seller: string
  name: string
  description?: string
  brand?: string
  category: string
  images?: readonly string[]
  attributes: Readonly<Record<string, AttributeValue>>
  options?: readonly string[]
  releasedAt?: string
  rating?: Readonly<{ average: number; count: number }>
  popularity: number
  taxClass: 'standard' | 'books' | 'food'
  variants: readonly DemoVariant[]
  source: Readonly<{ set: string; licence: string; made: readonly string[] }>
}>
