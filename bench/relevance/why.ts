import type { SearchDocument } from '../../server/modules/search/engine/index.ts'
import type { Grades } from './measures.ts'

/** What is looked at to tell why a query fared badly. */
export type Case = Readonly<{
  query: string
  /** What was found, best first. */
  ids: readonly string[]
  droppedWords: readonly string[]
  grades: Grades
  documents: ReadonlyMap<string, SearchDocument>
}>

const DEPTH = 10

/** Why a query fared badly, in a few words: who judged what, missing words, another class, where the right ones are. */
export function whyOf({ query, ids, droppedWords, grades, documents }: Case): string {
  const first = ids.slice(0, DEPTH)
  const right = [...grades].flatMap(([id, grade]) => (grade > 0 ? (documents.get(id) ?? []) : []))
  const unjudged = first.filter((id) => !grades.has(id)).length
  const wrong = first.filter((id) => grades.get(id) === 0).length
  const place = ids.findIndex((id) => (grades.get(id) ?? 0) > 0)
  const found = first.flatMap((id) => documents.get(id) ?? [])
  const [ours, theirs] = [mostUsual(found.map(classOf)), mostUsual(right.map(classOf))]
  const reasons = [
    unjudged > 0 && `${unjudged} of the first ten nobody judged`,
    wrong > 0 && `${wrong} were judged wrong`,
    droppedWords.length > 0 && `let go of ${droppedWords.map(quote).join(', ')}`,
    ...missingWords(query, right),
    ours !== theirs && `first come ${quote(ours)}, judged right are ${quote(theirs)}`,
    place < 0
      ? 'none that is right is among those found'
      : `the first right one is number ${place + 1}`,
  ]
  return reasons.filter((reason) => typeof reason === 'string').join('; ')
}

function quote(text: string): string {
  return `“${text}”`
}

function classOf({ fields }: SearchDocument): string {
  return fields.categoryNames.at(-1) ?? 'unfiled'
}

function mostUsual(classes: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const each of classes) counts.set(each, (counts.get(each) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'nothing'
}

/** Words that most of what is right does not have. */
function missingWords(query: string, right: readonly SearchDocument[]): string[] {
  const texts = right.map(({ fields, brand }) =>
    [fields.name, fields.description, fields.attributesText, brand, ...fields.categoryNames]
      .join(' ')
      .toLowerCase(),
  )
  return query.split(/\s+/).flatMap((word) => {
    const lacking = texts.filter((text) => !text.includes(word.replace(/s$/, ''))).length
    const most = lacking * 2 > texts.length
    return most ? [`${lacking} of ${texts.length} right ones lack ${quote(word)}`] : []
  })
}
