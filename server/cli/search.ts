import { readConfig } from '../config.ts'
import { type Command, CommandError, print } from './command.ts'
import { progressBar } from './progress.ts'
import { withModules } from './quiet-shop.ts'

export const search: Command = {
  name: 'search',
  summary: 'Rebuilds the search index, or verifies it against the database',
  usage: 'stoa search rebuild|verify',
  help: [
    '  rebuild   makes the index anew from the database',
    '  verify    compares the index with the database and mends what drifted',
    '\nBoth work on the index kept in STOA_HOME, of which a running shop keeps a copy of its own fresh, or on the\none in OpenSearch that all processes share.',
  ].join('\n'),
  options: {},
  async run(_options, [what]) {
    if (what !== 'rebuild' && what !== 'verify')
      throw new CommandError('Say `stoa search rebuild` or `stoa search verify`.')
    const config = readConfig(process.env)
    return withModules(config, async (parts) => {
      await parts.search.start?.()
      if (what === 'rebuild') {
        const draw = progressBar(process.stdout)
        const { documents } = await parts.search.api.rebuild({
          onProgress: (done) => draw('Search index', done, 0),
        })
        print(`\n${documents.toLocaleString('en')} documents indexed.`)
      } else {
        const { documents, mended } = await parts.search.api.verify()
        print(`${documents.toLocaleString('en')} documents compared, ${mended} mended.`)
      }
      await parts.search.stop?.()
      return 0
    })
  },
}
