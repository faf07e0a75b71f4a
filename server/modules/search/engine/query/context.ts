import type { Kinds } from '../kinds/kinds.ts'
import type { KindFactors } from '../kinds/recognise.ts'
import type { Segment } from '../segment/segment.ts'
import type { EngineOptions, Market } from '../types.ts'
import type { Matcher } from './match.ts'
import type { QueryPlan } from './plan.ts'
import type { SynonymTable } from './synonyms.ts'
import type { Vocabulary } from './vocabulary.ts'

/** What a search works on. */
export type SearchContext = Readonly<{
  segments: readonly Segment[]
  vocabulary: Vocabulary
  readings: Readings
  synonyms: SynonymTable
  kinds: () => Kinds
  matcher: Matcher
  defaultMarket: Market | null
  options: EngineOptions
}>

/** How a text was understood: the ways to meet its words, and the kinds of things that it asks for. */
export type Reading = Readonly<{ planned: QueryPlan; kinds: KindFactors }>

/** Readings by text and by how it was to be read; they hold for the present words and synonyms. */
export type Readings = Map<string, Reading>
