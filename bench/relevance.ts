import { statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createSearchEngine, PRODUCT_SYNONYMS } from '../server/modules/search/engine/index.ts'
import { readDemo } from './relevance/demo.ts'
import { type Answer, answerBy, evaluate, type Quality } from './relevance/evaluate.ts'
import { readCatalogue, readJudgements } from './relevance/icecat.ts'
import { openSearchAnswers } from './relevance/opensearch.ts'
import { whyOf } from './relevance/why.ts'

const { values: flags } = parseArgs({
  options: {
    judgements: { type: 'string', default: 'data/judgements/icecat_dev.csv.gz' },
    catalogue: { type: 'string', default: 'data/demo' },
    worst: { type: 'string', default: '10' },
    /** `opensearch` needs OPENSEARCH_URL. */
    engine: { type: 'string', default: 'embedded' },
  },
})

const judgements = readJudgements(flags.judgements)
const catalogue = statSync(flags.catalogue).isDirectory()
  ? readDemo(flags.catalogue).documents
  : readCatalogue(flags.catalogue)

type Answerer = (query: string) => Answer | Promise<Answer>
type Answerers = Readonly<{ ours: Answerer; plain: Answerer; close?(): Promise<void> }>

function embeddedAnswers(): Answerers {
  const [ours, plain] = [false, true].map((plainly) => {
    const engine = createSearchEngine({ plain: plainly, synonyms: PRODUCT_SYNONYMS })
    engine.apply(catalogue.map((document) => ({ kind: 'upsert', document })))
    return answerBy(engine)
  }) as [Answerer, Answerer]
  return { ours, plain }
}

function answersOf(engine: string): Answerers | Promise<Answerers> {
  if (engine === 'embedded') return embeddedAnswers()
  const url = process.env['OPENSEARCH_URL']
  if (engine !== 'opensearch' || !url) {
    throw new Error('--engine is embedded, or opensearch with OPENSEARCH_URL')
  }
  return openSearchAnswers(url, catalogue)
}

/** Swaps two letters inside the longest word of letters, if it has five or more. */
function misspell(query: string): string {
  const words = query.split(' ')
  const longest = words.toSorted((a, b) => b.length - a.length)[0] ?? ''
  if (!/^[a-z]{5,}$/.test(longest)) {
    return query
  }
  const at = longest.length >> 1
  const swapped = longest[at]! + longest[at - 1]!
  const typo = longest.slice(0, at - 1) + swapped + longest.slice(at + 1)
  return words.map((word) => (word === longest ? typo : word)).join(' ')
}

function row(name: string, quality: Quality): string {
  const { ndcgAt10, condensedNdcgAt10, recallAt100, zeroResultRate } = quality
  const cells = [
    ndcgAt10.toFixed(4),
    condensedNdcgAt10.toFixed(4),
    recallAt100.toFixed(4),
    `${(zeroResultRate * 100).toFixed(1)} %`,
  ]
  return `| ${[name.padEnd(22), ...cells].join(' | ')} |`
}

const answers = await answersOf(flags.engine)
const ours = await evaluate(answers.ours, judgements)
const plain = await evaluate(answers.plain, judgements)
const misspelt = await evaluate((query) => answers.ours(misspell(query)), judgements)
const misspeltPlain = await evaluate((query) => answers.plain(misspell(query)), judgements)
const documents = new Map(catalogue.map((document) => [document.id, document]))
const worstQueries = ours.queries
  .toSorted((a, b) => a.ndcgAt10 - b.ndcgAt10)
  .slice(0, Number(flags.worst))
const worst: string[] = []
for (const { query, ndcgAt10, total } of worstQueries) {
  const before = plain.queries.find((each) => each.query === query)!.ndcgAt10
  const { ids, droppedWords = [] } = await answers.ours(query)
  const grades = judgements.get(query)!
  const why = whyOf({ query, ids, droppedWords, grades, documents })
  worst.push(
    `  ${query}: ${ndcgAt10.toFixed(2)} (plain ${before.toFixed(2)}), ${total} hits: ${why}`,
  )
}
await answers.close?.()

process.stdout.write(
  [
    `${flags.engine}: ${judgements.size} queries, ${ours.queries.length} with a relevant product; ${catalogue.length} products`,
    '| engine                 | NDCG@10 | judged only | recall@100 | zero results |',
    '|------------------------|---------|-------------|------------|--------------|',
    row('ours', ours),
    row('plain BM25', plain),
    row('ours, one typo a query', misspelt),
    row('plain BM25, one typo', misspeltPlain),
    `NDCG@10 over plain BM25: ${(ours.ndcgAt10 - plain.ndcgAt10).toFixed(4)}`,
    'Worst queries:',
    ...worst,
    '',
  ].join('\n'),
)
