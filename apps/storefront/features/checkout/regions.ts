/** States and provinces of countries where the post asks for them and a short list serves best. */
const REGIONS: Readonly<Record<string, string>> = {
  US: 'AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,PR Puerto Rico,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming',
  CA: 'AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,NL Newfoundland and Labrador,NS Nova Scotia,NT Northwest Territories,NU Nunavut,ON Ontario,PE Prince Edward Island,QC Quebec,SK Saskatchewan,YT Yukon',
  AU: 'ACT Australian Capital Territory,NSW New South Wales,NT Northern Territory,QLD Queensland,SA South Australia,TAS Tasmania,VIC Victoria,WA Western Australia',
}

/** Countries whose addresses have a region that is written out. */
const WRITTEN = new Set(['BR', 'CN', 'ES', 'IE', 'IN', 'IT', 'JP', 'KR', 'MX', 'MY', 'TW'])

export type RegionField =
  | Readonly<{ kind: 'choice'; choices: readonly Readonly<{ code: string; name: string }>[] }>
  | Readonly<{ kind: 'text' }>
  | undefined

export function regionField(country: string): RegionField {
  const listed = REGIONS[country]
  if (listed === undefined) return WRITTEN.has(country) ? { kind: 'text' } : undefined
  const choices = listed.split(',').map((entry) => {
    const space = entry.indexOf(' ')
    return { code: entry.slice(0, space), name: entry.slice(space + 1) }
  })
  return { kind: 'choice', choices }
}
