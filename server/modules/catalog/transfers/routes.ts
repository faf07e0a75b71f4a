import * as contract from '#contracts/catalog/transfers.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { RouteInput } from '#contracts/kit/route.ts'
import { actorName } from '../../../platform/http/actor.ts'
import { type Binding, bind } from '../../../platform/http/binding.ts'
import type { ExportSettings, ImportSettings } from './repository.ts'
import * as service from './service.ts'

/** Imports and exports as jobs, for operators. */
export function createTransferRoutes(deps: service.TransferDeps): Binding[] {
  return [...importRoutes(deps), ...exportRoutes(deps)]
}

function importRoutes(deps: service.TransferDeps): Binding[] {
  const one = (id: string) => service.getImport(deps, id)
  return [
    bind(contract.startImport, async ({ query }, context) => ({
      status: 202,
      body: await service.startImport(deps, {
        actor: actorName(context.actor),
        key: context.idempotencyKey,
        settings: settingsOf(query),
        upload: context.upload,
      }),
    })),
    bind(contract.listImports, async ({ query }) => ({
      status: 200,
      body: await service.listImports(deps, query),
    })),
    bind(contract.getImport, async ({ params }) => ({
      status: 200,
      body: await one(params.importId),
    })),
    bind(contract.listImportErrors, async ({ params, query }) => ({
      status: 200,
      body: await service.listErrors(deps, params.importId, query),
    })),
    bind(contract.downloadImportErrors, async ({ params: { importId } }) => ({
      status: 200,
      body: await service.streamErrors(deps, importId),
      headers: attachment('text/csv; charset=utf-8', `errors-${importId}.csv`),
    })),
    bind(contract.cancelImport, async ({ params: { importId } }) => {
      await service.cancel(deps, importId, 'import')
      return { status: 200, body: await one(importId) }
    }),
    bind(contract.resumeImport, async ({ params: { importId } }) => {
      await service.resume(deps, importId)
      return { status: 200, body: await one(importId) }
    }),
  ]
}

function exportRoutes(deps: service.TransferDeps): Binding[] {
  const one = (id: string) => service.getExport(deps, id)
  return [
    bind(contract.startExport, async ({ body: { format, seller, packed = true } }, context) => {
      const settings: ExportSettings = { format, packed, ...(seller ? { seller } : {}) }
      const actor = actorName(context.actor)
      return { status: 202, body: await service.startExport(deps, { actor, settings }) }
    }),
    bind(contract.listExports, async ({ query }) => ({
      status: 200,
      body: await service.listExports(deps, query),
    })),
    bind(contract.getExport, async ({ params }) => ({
      status: 200,
      body: await one(params.exportId),
    })),
    bind(contract.cancelExport, async ({ params: { exportId } }) => {
      await service.cancel(deps, exportId, 'export')
      return { status: 200, body: await one(exportId) }
    }),
    bind(contract.downloadExport, async ({ params: { exportId } }) => {
      const { stream, bytes, name } = await service.openExport(deps, exportId)
      const headers = { ...attachment(typeOf(name), name), 'content-length': String(bytes) }
      return { status: 200, body: stream, headers }
    }),
  ]
}

function attachment(type: string, name: string): Record<string, string> {
  return { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` }
}

function typeOf(name: string): string {
  if (name.endsWith('.gz')) return 'application/gzip'
  return name.endsWith('.csv') ? 'text/csv; charset=utf-8' : 'application/x-ndjson'
}

type StartQuery = RouteInput<typeof contract.startImport>['query']

/** @throws validation_failed if files of other shops come without the seller whose they are. */
function settingsOf({ format = 'jsonl', name, dryRun, ...rest }: StartQuery): ImportSettings {
  const base = { name: name ?? null, dryRun: dryRun ?? false }
  if (format === 'jsonl' || format === 'csv') return { ...base, format }
  const { seller } = rest
  if (seller === undefined)
    throw generalProblem('validation_failed', {
      errors: [{ path: 'query.seller', message: `is needed for ${format}` }],
    })
  const given = Object.entries(rest).filter(([, value]) => value !== undefined)
  return { ...base, format, settings: { ...Object.fromEntries(given), seller } }
}
