export type FieldError = Readonly<{ path: string; message: string }>

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthenticated',
  402: 'Refused',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Payload too large',
  415: 'Unsupported media type',
  422: 'Unprocessable',
  500: 'Provider error',
  503: 'Unavailable',
}

/** A refusal with a stable code; the edge writes it as application/problem+json. */
export class ProviderProblem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: readonly FieldError[]

  constructor(status: number, code: string, detail: string, errors: readonly FieldError[] = []) {
    super(detail)
    this.status = status
    this.code = code
    this.errors = errors
  }

  toBody(): string {
    return JSON.stringify({
      type: 'about:blank',
      title: TITLES[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      code: this.code,
      ...(this.errors.length > 0 ? { errors: this.errors } : {}),
    })
  }
}

export function notFound(what: string): ProviderProblem {
  return new ProviderProblem(404, 'not_found', `There is no such ${what}.`)
}
