/** States and provinces by name, where tax depends on them; a shopper may write either form. */
const NAMES: Readonly<Record<string, string>> = {
  US: 'AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming',
  CA: 'AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|NT Northwest Territories|NS Nova Scotia|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec|SK Saskatchewan|YT Yukon',
}

const CODES = new Map(
  Object.entries(NAMES).flatMap(([country, names]) =>
    names
      .split('|')
      .map((entry) => [`${country}/${fold(entry.slice(3))}`, entry.slice(0, 2)] as const),
  ),
)

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^a-zA-Z]/g, '')
    .toUpperCase()
}

/** "California", "ca" and "US-CA" are "CA"; undefined if no region was given. */
export function regionCode(country: string, region: string | undefined): string | undefined {
  if (region === undefined) return undefined
  const plain = region.trim().toUpperCase()
  const code = plain.startsWith(`${country}-`) ? plain.slice(3) : plain
  return CODES.get(`${country}/${fold(code)}`) ?? code
}
