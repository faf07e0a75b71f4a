import type {
  CategoryNode,
  CategoryRef,
  Offer,
  Product,
  ProductSummary,
  Variant,
} from '@stoa/client'
import { convert, money } from '../../../contracts/kit/money.ts'
import { CATEGORY_NAMES, GOODS, type Good } from './goods.ts'

/** Units of a currency for one US dollar. */
export const RATES: Readonly<Record<string, string>> = {
  USD: '1',
  EUR: '0.86',
  GBP: '0.75',
  JPY: '151',
}

export type FakeProduct = Readonly<{ place: number; popularity: number; product: Product }>

const SELLERS = [
  'Agora Electronics',
  'Peristyle Trading',
  'Delos Books',
  'Attica Market',
  'Kerameikos Home',
]

function id(prefix: string, place: number): string {
  return `${prefix}_01k${String(place).padStart(23, '0')}`
}

function slugOf(name: string, place: number): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return `${words.slice(0, 60)}-${place}`
}

function nameOf(slug: string): string {
  const part = slug.split('/').at(-1) ?? ''
  const words = part.replaceAll('-', ' ')
  return CATEGORY_NAMES[slug] ?? words.charAt(0).toUpperCase() + words.slice(1)
}

export function categoryTrail(slug: string): CategoryRef[] {
  const parts = slug.split('/')
  return parts.map((_, place) => {
    const path = parts.slice(0, place + 1).join('/')
    return { id: `cat_${path.replaceAll('/', '_')}`, slug: path, name: nameOf(path) }
  })
}

function makeProduct(good: Good, place: number): FakeProduct {
  const [category, brand, name, price, sale] = good
  const isBook = category.startsWith('books')
  const sizes = category.includes('laptops') ? ['8 GB', '16 GB', '32 GB'] : ['']
  const colours = category.includes('laptops') ? ['Black', 'Silver'] : ['']
  const variants = sizes.flatMap((size, sizePlace) =>
    colours.map((colour, colourPlace) => {
      const options = { ...(size ? { Memory: size } : {}), ...(colour ? { Colour: colour } : {}) }
      return makeVariant(place, sizePlace * 2 + colourPlace, {
        name,
        options,
        price: price + sizePlace * 12000,
        sale: sale && sale + sizePlace * 12000,
      })
    }),
  )
  const product: Product = {
    id: id('prd', place),
    slug: slugOf(name, place),
    name,
    ...(brand ? { brand } : {}),
    description: `${name}.\nA thing of good make, described in a few plain sentences so that the page has something to show.\nIt does what its name says and does it for years.`,
    categories: categoryTrail(category),
    images: [{ url: `https://images.example/${place}.jpg`, alt: name }],
    attributes: attributesOf(isBook),
    options:
      sizes.length > 1
        ? [
            { name: 'Memory', values: sizes },
            { name: 'Colour', values: colours },
          ]
        : [],
    variants,
    rating: 3 + ((place * 7) % 20) / 10,
    reviewCount: (place * 137) % 4000,
    currency: 'USD',
    demo: {
      source: isBook ? 'goodbooks' : 'icecat',
      licence: isBook ? 'CC BY-SA 4.0' : 'Icecat Open Content Licence',
      made: ['category', 'stock', 'price'],
    },
  }
  return { place, popularity: (place * 37) % 100, product }
}

function attributesOf(isBook: boolean): Product['attributes'] {
  if (isBook) {
    return [
      { name: 'Author', value: ['Ann Author', 'Ben Writer'] },
      { name: 'Language', value: 'English' },
      { name: 'First published', value: '2008' },
      { name: 'Format', value: 'Book' },
    ]
  }
  return [
    { name: 'Type', value: 'Standard' },
    { name: 'Material', value: 'Aluminium' },
    { name: 'Country of origin', value: 'Greece' },
    ...['Width', 'Height', 'Depth', 'Cable length', 'Box width', 'Box height', 'Box depth'].map(
      (name, place) => ({ name, value: { value: 56 + place * 31, unit: 'mm' } }),
    ),
    { name: 'Weight', value: { value: 1.4, unit: 'kg' } },
    { name: 'Wireless', value: true },
    { name: 'Energy class', value: 'B' },
    { name: 'Certificates', value: ['CE', 'RoHS', 'Energy Star'] },
  ]
}

type VariantFacts = Readonly<{
  name: string
  options: Record<string, string>
  price: number
  sale: number | undefined
}>

function makeVariant(place: number, number: number, facts: VariantFacts): Variant {
  const sellers = place % 3 === 0 ? 4 : 1
  const offers: Offer[] = Array.from({ length: sellers }, (_, seller) => {
    const quantity =
      (place + number + seller) % 11 === 3 ? 0 : ((place * 13 + number * 5 + seller) % 60) + 1
    return {
      offerId: id('off', place * 100 + number * 10 + seller),
      seller: {
        id: id('sel', (place + seller) % SELLERS.length),
        name: SELLERS[(place + seller) % SELLERS.length] ?? '',
      },
      condition: seller === 3 ? 'refurbished' : 'new',
      price: money(facts.price + seller * 350, 'USD'),
      ...(facts.sale && seller === 0 ? { salePrice: money(facts.sale, 'USD') } : {}),
      availability: { inStock: quantity > 0, quantity },
    }
  })
  const [featured] = offers as [Offer]
  const { offerId, seller, price, salePrice, availability } = featured
  return {
    id: id('var', place * 100 + number),
    sku: `fake-${place}-${number}`,
    name: facts.name,
    options: facts.options,
    price,
    ...(salePrice ? { salePrice } : {}),
    offerId,
    seller,
    availability,
    offers,
  }
}

export const PRODUCTS: readonly FakeProduct[] = GOODS.map(makeProduct)

/** The same product in another currency. */
export function inCurrency(product: Product, currency: string): Product {
  const rate = RATES[currency] ?? '1'
  return JSON.parse(JSON.stringify(product), (_, value) =>
    typeof value === 'object' && value !== null && value.currency === 'USD' && 'amount' in value
      ? convert(value, currency, rate)
      : value,
  ) as Product
}

export function summaryOf(product: Product): ProductSummary {
  const variant =
    product.variants.find(({ availability }) => availability.inStock) ?? product.variants[0]!
  return {
    id: product.id,
    slug: product.slug,
    name: product.name,
    ...(product.brand ? { brand: product.brand } : {}),
    sku: variant.sku,
    variantId: variant.id,
    price: variant.price,
    ...(variant.salePrice ? { salePrice: variant.salePrice } : {}),
    categoryId: product.categories.at(-1)?.id,
    rating: product.rating,
    reviewCount: product.reviewCount,
    sellerCount: variant.offers.length,
    availability: variant.availability,
  }
}

export function categoryNodes(parent = ''): CategoryNode[] {
  const depth = parent === '' ? 1 : parent.split('/').length + 1
  const slugs = new Set(
    PRODUCTS.flatMap(({ product }) =>
      product.categories.slice(depth - 1, depth).map(({ slug }) => slug),
    ).filter((slug) => parent === '' || slug.startsWith(`${parent}/`)),
  )
  return [...slugs].map((slug) => ({
    ...(categoryTrail(slug).at(-1) as CategoryRef),
    productCount: PRODUCTS.filter(({ product }) =>
      product.categories.some((category) => category.slug === slug),
    ).length,
    children: categoryNodes(slug),
  }))
}
