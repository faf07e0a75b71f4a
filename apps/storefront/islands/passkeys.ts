// Passkeys: [data-passkey="get"] signs in, by its button or by what the browser offers in the field of the address;
// [data-passkey="create"] makes one. Both put what the authenticator says into their form and send it. Without this
// script neither is shown.

type Options = Readonly<Record<string, unknown>>

const isAble = 'credentials' in navigator && 'PublicKeyCredential' in window
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
  if (!isAble) continue
  form.hidden = false
  if (form.dataset['passkey'] === 'create') mountCreate(form)
  else void mountGet(form)
}

function mountCreate(form: HTMLFormElement): void {
  const options = JSON.parse(form.dataset['options'] ?? '{}') as Options
  form.addEventListener('submit', (event) => {
    if (isFilled(form)) return
    event.preventDefault()
    const publicKey = toCreationOptions(options)
    navigator.credentials.create({ publicKey }).then(
      (made) => send(form, made),
      () => fail(form),
    )
  })
}

async function mountGet(form: HTMLFormElement): Promise<void> {
  let offered: AbortController | undefined
  form.addEventListener('submit', (event) => {
    if (isFilled(form)) return
    event.preventDefault()
    offered?.abort()
    void ask(form, {}).catch(() => fail(form))
  })
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return
  offered = new AbortController()
  // Nobody chose one: then the form is as it was.
  await ask(form, { mediation: 'conditional', signal: offered.signal }).catch(() => {})
}

async function ask(form: HTMLFormElement, how: CredentialRequestOptions): Promise<void> {
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form)) body.append(name, String(value))
  const reply = await fetch(form.dataset['begin'] ?? '', { method: 'POST', body })
  if (!reply.ok) throw new Error(`answered ${reply.status}`)
  const publicKey = toRequestOptions((await reply.json()) as Options)
  send(form, await navigator.credentials.get({ ...how, publicKey }))
}

function send(form: HTMLFormElement, credential: Credential | null): void {
  const field = form.querySelector<HTMLInputElement>('input[name=credential]')
  if (!field || !(credential instanceof PublicKeyCredential)) {
    fail(form)
    return
  }
  field.value = JSON.stringify(toJson(credential))
  form.requestSubmit()
}

function isFilled(form: HTMLFormElement): boolean {
  return form.querySelector<HTMLInputElement>('input[name=credential]')?.value !== ''
}

function fail(form: HTMLFormElement): void {
  const said = form.querySelector<HTMLElement>('[data-passkey-failed]')
  if (said) said.hidden = false
}

function toCreationOptions(json: Options): PublicKeyCredentialCreationOptions {
  const user = json['user'] as Options
  return {
    ...json,
    challenge: bytes(json['challenge']),
    user: { ...user, id: bytes(user['id']) },
    excludeCredentials: descriptors(json['excludeCredentials']),
  } as unknown as PublicKeyCredentialCreationOptions
}

function toRequestOptions(json: Options): PublicKeyCredentialRequestOptions {
  return {
    ...json,
    challenge: bytes(json['challenge']),
    allowCredentials: descriptors(json['allowCredentials']),
  } as unknown as PublicKeyCredentialRequestOptions
}

function descriptors(list: unknown): object[] {
  return ((list ?? []) as Options[]).map((one) => ({ ...one, id: bytes(one['id']) }))
}

function toJson(credential: PublicKeyCredential): object {
  const response = credential.response as AuthenticatorAttestationResponse &
    AuthenticatorAssertionResponse
  const { clientDataJSON, attestationObject, authenticatorData, signature, userHandle } = response
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: attestationObject
      ? {
          clientDataJSON: text(clientDataJSON),
          attestationObject: text(attestationObject),
          transports: response.getTransports?.() ?? [],
        }
      : {
          clientDataJSON: text(clientDataJSON),
          authenticatorData: text(authenticatorData),
          signature: text(signature),
          userHandle: userHandle && text(userHandle),
        },
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment,
  }
}

function bytes(base64url: unknown): Uint8Array {
  const binary = atob(String(base64url).replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
}

function text(buffer: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(buffer))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
