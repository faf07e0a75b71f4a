/** Whose data the demonstration shows, as their licences ask. */
export const SOURCES = [
  {
    name: 'Open Icecat',
    what: 'IT and office goods: names, attributes, picture addresses. Named as the source, as is.',
    licence: 'Icecat Open Content Licence; collection by o19s/chorus, Apache-2.0',
  },
  {
    name: 'goodbooks-10k',
    what: 'Ten thousand books with their ratings, by Zygmunt Zając.',
    licence: 'CC BY-SA 4.0',
  },
  { name: '84.51° Complete Journey 2.0', what: 'A grocer’s whole range.', licence: 'CC0' },
  {
    name: 'PriceRunner product offers',
    what: 'Offers of 306 merchants for the same products, from a research data set.',
    licence: 'CC BY 4.0',
  },
  {
    name: 'Open Food Facts',
    what: 'Food with nutrition facts, by its contributors.',
    licence: 'ODbL 1.0; contents DbCL 1.0',
  },
  { name: 'Shopify product taxonomy', what: 'The tree of categories.', licence: 'MIT' },
  {
    name: 'European Central Bank',
    what: 'Euro reference exchange rates.',
    licence: 'Free reuse, source named',
  },
  { name: 'GeoNames', what: 'Postal codes and places.', licence: 'CC BY 4.0' },
  {
    name: 'Google address metadata',
    what: 'How addresses are written in each country.',
    licence: 'CC BY 4.0',
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
] as const
