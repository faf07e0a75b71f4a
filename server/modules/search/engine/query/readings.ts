import { type KindFactors, kindsOfNouns, recogniseKinds } from '../kinds/recognise.ts'
import type { Synonym } from '../types.ts'
import type { Reading, SearchContext } from './context.ts'
import { MAX_TEXT, planPlainQuery, planQuery } from './plan.ts'
import { withSynonyms } from './synonyms.ts'

/** What decides how a text is read. */
export type ReadRequest = Readonly<{
  text: string
  prefix: boolean
  correctTypos: boolean
  synonyms: readonly Synonym[] | undefined
  languages: readonly string[] | undefined
  /** Whether it matters which kinds the text asks for. */
  byWords: boolean
}>

const MOST_REMEMBERED = 2_000
const NO_KINDS: KindFactors = new Map()

/** Reads a text, once for as long as the words of the index stay as they are. */
export function readQuery(context: SearchContext, request: ReadRequest): Reading {
  const { readings } = context
  const key = JSON.stringify(request)
  const reading = readings.get(key) ?? read(context, request)
  readings.delete(key)
  readings.set(key, reading)
  if (readings.size > MOST_REMEMBERED) readings.delete(readings.keys().next().value!)
  return reading
}

function read(context: SearchContext, request: ReadRequest): Reading {
  const { vocabulary, options } = context
  const { text, prefix, correctTypos, byWords, languages } = request
  if (options.plain) return { planned: planPlainQuery(text, vocabulary), kinds: NO_KINDS }
  const synonyms = withSynonyms(context.synonyms, request.synonyms)
  const planned = planQuery(text, vocabulary, { prefix, correctTypos, synonyms, languages })
  if (!byWords || planned.clauses.length === 0) return { planned, kinds: NO_KINDS }
  if (planned.nouns.length > 0)
    return { planned, kinds: kindsOfNouns(planned.nouns, context.kinds()) }
  const meant = (planned.correctedQuery ?? text).slice(0, MAX_TEXT)
  return { planned, kinds: recogniseKinds(meant, context.kinds(), synonyms) }
}
