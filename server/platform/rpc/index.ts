export { remote } from './remote.ts'
export { serveRpc } from './serve.ts'
