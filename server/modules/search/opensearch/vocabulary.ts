import type { Clock } from '../../../platform/clock.ts'
import { markOf, unmarked } from '../engine/analysis/languages.ts'
import { withinEdits } from '../engine/query/edits.ts'
import type { QueryPlan } from '../engine/query/plan.ts'
import {
  type Correction,
  correctionCost,
  editsAllowed,
  type Vocabulary,
} from '../engine/query/vocabulary.ts'
import type { OpenSearchClient } from './client.ts'

/**
 * The index's words, as far as they were asked for. Planning a query is the engine's and knows no
 * waiting: it is tried with what is known, what it missed is asked for, and it is tried again.
 */
export type Words = Readonly<{
  plan(make: (vocabulary: Vocabulary) => QueryPlan): Promise<QueryPlan>
  /** The index has changed: what was unknown may be there now. */
  changed(): void
}>

const encoder = new TextEncoder()
/** Frequencies move slowly; that a word is there at all is told by `changed`. */
const LIFETIME_MS = 60_000
const MOST_REMEMBERED = 50_000
/** Words alone, then their parts, then corrections, then the parts of these. */
const MOST_ROUNDS = 5
const CANDIDATES = 20

type Asked = Readonly<{ word: string; letters: number }>

export function createWords({
  client,
  target,
  clock,
}: Readonly<{ client: OpenSearchClient; target: () => string; clock: Clock }>): Words {
  const frequencies = new Map<string, number>()
  const corrections = new Map<string, readonly Correction[]>()
  let documents = 1
  let since = clock.monotonicMs()

  function forgetOld(): void {
    const old = clock.monotonicMs() - since > LIFETIME_MS
    if (!old && frequencies.size + corrections.size < MOST_REMEMBERED) return
    frequencies.clear()
    corrections.clear()
    since = clock.monotonicMs()
  }

  async function learnFrequencies(terms: ReadonlySet<string>): Promise<void> {
    if (terms.size === 0) return
    const answer = await client.call<TermVectors>({
      method: 'POST',
      path: `/${target()}/_termvectors`,
      body: {
        doc: { words: [...terms].join(' ') },
        fields: ['words'],
        term_statistics: true,
        positions: false,
        offsets: false,
        payloads: false,
      },
    })
    const found = answer.term_vectors.words
    documents = Math.max(1, found?.field_statistics.doc_count ?? 1)
    for (const term of terms) frequencies.set(term, found?.terms[term]?.doc_freq ?? 0)
  }

  async function learnCorrections(asked: ReadonlyMap<string, Asked>): Promise<void> {
    if (asked.size === 0) return
    const words = [...asked]
    const suggest = Object.fromEntries(
      words.map(([, { word, letters }], place) => [
        `w${place}`,
        {
          text: word,
          term: {
            field: 'words',
            analyzer: 'whitespace',
            max_edits: editsAllowed(word, letters),
            prefix_length: 0,
            min_word_length: 3,
            suggest_mode: 'always',
            size: CANDIDATES,
            max_inspections: CANDIDATES,
          },
        },
      ]),
    )
    const answer = await client.call<{ suggest: Record<string, readonly Suggested[]> }>({
      method: 'POST',
      path: `/${target()}/_search`,
      body: { size: 0, track_total_hits: false, suggest },
    })
    for (const [place, [key, { word, letters }]] of words.entries()) {
      const options = answer.suggest[`w${place}`]?.[0]?.options ?? []
      corrections.set(key, rank(word, editsAllowed(word, letters), options))
    }
  }

  return {
    async plan(make) {
      forgetOld()
      for (let round = 1; ; round += 1) {
        const terms = new Set<string>()
        const asked = new Map<string, Asked>()
        const plan = make({
          documents,
          frequencyOf(term) {
            const known = frequencies.get(term)
            if (known === undefined && !/\s/.test(term)) terms.add(term)
            return known ?? 0
          },
          completionsOf: () => [],
          correctionsOf(word, letters, limit) {
            const key = `${word} ${letters}`
            if (editsAllowed(word, letters) === 0) return []
            const known = corrections.get(key)
            if (!known) asked.set(key, { word, letters })
            return known?.slice(0, limit) ?? []
          },
        })
        if (terms.size + asked.size === 0 || round === MOST_ROUNDS) return plan
        // Whether a word has to be corrected is known only once all frequencies are.
        if (terms.size > 0) await learnFrequencies(terms)
        else await learnCorrections(asked)
      }
    },
    changed() {
      for (const [term, frequency] of frequencies) if (frequency === 0) frequencies.delete(term)
      corrections.clear()
    },
  }
}

type Suggested = Readonly<{ options: readonly Readonly<{ text: string; freq: number }>[] }>

type TermVectors = Readonly<{
  term_vectors: Readonly<{
    words?: Readonly<{
      field_statistics: Readonly<{ doc_count: number }>
      terms: Readonly<Record<string, Readonly<{ doc_freq?: number }>>>
    }>
  }>
}>

/** The engine's order of what a word may have been meant as. */
function rank(word: string, allowed: number, options: Suggested['options']): Correction[] {
  const key = encoder.encode(word)
  return options
    .filter(({ text }) => markOf(text) === markOf(word) && /^[a-z]+$/.test(unmarked(text)))
    .map(({ text: term, freq: frequency }) => {
      const bytes = encoder.encode(term)
      const edits = withinEdits(key, { bytes, start: 0, end: bytes.length }, allowed)
      return { term, edits, frequency, cost: correctionCost(word, { term, edits, frequency }) }
    })
    .filter(({ edits }) => edits > 0 && edits <= allowed)
    .sort((a, b) => a.cost - b.cost || (a.term < b.term ? -1 : 1))
}
